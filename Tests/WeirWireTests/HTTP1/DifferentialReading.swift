import NIOCore
import NIOEmbedded
import NIOHTTP1
import WeirCore
import WeirWire

/// Reads a whole message with our readers, and with those of SwiftNIO.
///
/// Where the connection stays open another message is put behind the first: if both readers find it, they agree on where
/// the first one ends.
enum DifferentialReading {
    typealias Message = NIOHTTP1DifferentialTests.Message

    private static let nextRequest = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n"
    private static let nextReply = "HTTP/1.1 299 Next\r\nContent-Length: 0\r\n\r\n"

    static func ours(request bytes: [UInt8]) -> Result<Message, HTTPViolation> {
        let head: RequestHead
        switch HTTP1Reading.request(bytes) {
        case .head(let found): head = found
        case .incomplete: return .success(Message())
        case .violation(let violation): return .failure(violation)
        }
        var message = Message()
        message.line = string(bytes[head.methodRange]) + " " + string(bytes[head.target])
        message.minorVersion = head.minorVersion
        message.fields = fields(bytes, head.fields)
        let framing = Framing(isChunked: head.isChunked, length: head.contentLength ?? 0, keepsAlive: head.keepsAlive)
        return finish(message, framing, Array(bytes[head.end...]), nextRequest, "GET /next")
    }

    static func ours(response bytes: [UInt8]) -> Result<Message, HTTPViolation> {
        let head: ResponseHead
        switch HTTP1Reading.response(bytes, pieces: [bytes.count]) {
        case .head(let found): head = found
        case .incomplete: return .success(Message())
        case .violation(let violation): return .failure(violation)
        }
        var message = Message()
        message.line = "\(head.status)"
        message.minorVersion = head.minorVersion
        message.fields = fields(bytes, head.fields)
        let rest = Array(bytes[head.end...])
        var framing = Framing(isChunked: head.isChunked, length: head.contentLength ?? 0, keepsAlive: head.keepsAlive)
        if head.isBodyless { framing = Framing(isChunked: false, length: 0, keepsAlive: head.keepsAlive) }
        if head.endsAtClose { framing.length = rest.count }
        return finish(message, framing, rest, nextReply, "299")
    }

    private struct Framing {
        var isChunked: Bool
        var length: Int
        var keepsAlive: Bool
    }

    private static func finish(
        _ head: Message, _ framing: Framing, _ rest: [UInt8], _ next: String, _ nextLine: String
    ) -> Result<Message, HTTPViolation> {
        var message = head
        var left = rest
        if framing.isChunked {
            let body = Unchunked(rest)
            if let violation = body.violation { return .failure(violation) }
            guard body.isDone else { return .success(message) }
            message.body = body.payload
            left = body.rest
        } else {
            guard rest.count >= framing.length else { return .success(message) }
            message.body = Array(rest[..<framing.length])
            left = Array(rest[framing.length...])
        }
        message.isComplete = true
        // Only bytes that end with the message say where it ends; else what follows is another message's matter.
        message.next = left.isEmpty && framing.keepsAlive ? nextLine : nil
        return .success(message)
    }

    private static func fields(_ bytes: [UInt8], _ range: Range<Int>) -> [String] {
        bytes.withUnsafeBytes { raw in
            var lines = FieldLines(raw, range)
            var found: [String] = []
            while let (name, value) = lines.next() { found.append("\(string(bytes[name])): \(string(bytes[value]))") }
            return found
        }
    }

    /// SwiftNIO leaves white space behind values, to be trimmed by whoever reads them.
    private static func fields(_ headers: HTTPHeaders) -> [String] {
        headers.map { name, value in
            let end = value.utf8.lastIndex { $0 != 0x20 && $0 != 0x09 }
            return "\(name): \(end.map { value[...$0] } ?? "")"
        }
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Nil when they refuse the message before its end.
    static func theirs(request bytes: [UInt8]) -> Message? {
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        let channel = EmbeddedChannel(handler: decoder)
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        var isRefused = feed(channel, bytes)
        var message = Message()
        func take() {
            while !message.isComplete, let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
                switch part {
                case .head(let head):
                    message.line = "\(head.method.rawValue) \(head.uri)"
                    message.minorVersion = head.version.minor
                    message.fields = fields(head.headers)
                case .body(let body): message.body += body.readableBytesView
                case .end: message.isComplete = true
                }
            }
        }
        take()
        guard message.isComplete else { return isRefused ? nil : message }
        isRefused = feed(channel, Array(nextRequest.utf8)) || isRefused
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            if case .head(let head) = part, message.next == nil { message.next = "\(head.method.rawValue) \(head.uri)" }
        }
        return message
    }

    /// Nil when they refuse the message before its end.
    static func theirs(response bytes: [UInt8]) -> Message? {
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward))
        let channel = EmbeddedChannel(handlers: [HTTPRequestEncoder(), decoder])
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        for _ in 0..<4 {
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "a"])
            _ = try? channel.writeOutbound(HTTPClientRequestPart.head(head))
            _ = try? channel.writeOutbound(HTTPClientRequestPart.end(nil))
        }
        var isRefused = feed(channel, bytes)
        var message = Message()
        func take() {
            while !message.isComplete, let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
                switch part {
                case .head(let head):
                    message.line = "\(head.status.code)"
                    message.minorVersion = head.version.minor
                    message.fields = fields(head.headers)
                case .body(let body): message.body += body.readableBytesView
                case .end: message.isComplete = true
                }
            }
        }
        take()
        if !message.isComplete, !isRefused, !message.line.isEmpty, endsAtClose(message) {
            channel.pipeline.fireChannelInactive()
            take()
            return message
        }
        guard message.isComplete else { return isRefused ? nil : message }
        isRefused = feed(channel, Array(nextReply.utf8)) || isRefused
        while let part = try? channel.readInbound(as: HTTPClientResponsePart.self) {
            if case .head(let head) = part, message.next == nil { message.next = "\(head.status.code)" }
        }
        return message
    }

    private static func endsAtClose(_ message: Message) -> Bool {
        !message.fields.contains {
            $0.lowercased().hasPrefix("content-length:") || $0.lowercased().hasPrefix("transfer-encoding:")
        }
    }

    private static func feed(_ channel: EmbeddedChannel, _ bytes: [UInt8]) -> Bool {
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            try channel.throwIfErrorCaught()
            return false
        } catch {
            return true
        }
    }
}
