import NIOCore
import WeirCore
import WeirLoops
import WeirPipeline
import WeirWire

/// Writes one reply to a client: its head, its body with the right framing, its honest end. Bound to the loop.
final class ReplyWriter {
    /// Bodies up to this size go out in one piece with their head.
    private static let joinedBytes = 16_384

    /// A piece of a stream up to this size is copied into one buffer with its framing: cheaper than three writes.
    private static let joinedChunk = 4096

    private let port: Port
    private let meter: RequestMeter
    private let rules: DoorRules
    private let minorVersion: Int
    /// The body is left out, its length told.
    private let isHead: Bool
    var keepsAlive: Bool
    /// Something of the final reply has been written.
    private(set) var hasBegun = false
    private var isEventStream = false
    private var isChunked = false
    private var isOpen = false
    /// The last two bytes of the body that were written: an event stream may be added to only behind a blank line.
    private var tail: (UInt8, UInt8) = (10, 10)

    init(
        _ port: Port, _ meter: RequestMeter, _ rules: DoorRules, minorVersion: Int, isHead: Bool, keepsAlive: Bool
    ) {
        self.isHead = isHead
        self.port = port
        self.meter = meter
        self.rules = rules
        self.minorVersion = minorVersion
        self.keepsAlive = keepsAlive
    }

    // MARK: Replies of upstreams

    /// Writes a model's reply to its end. Throws when the upstream breaks; `hasBegun` tells whether the client saw any.
    func write(_ reply: Reply) async throws(GatewayFault) {
        switch reply.body {
        case .whole(let pieces):
            let length = pieces.reduce(0) { $0 + $1.readableBytes }
            let isJoined = length <= Self.joinedBytes
            send(head(reply.status, reply.fields, length: length, body: isJoined ? pieces : []))
            if !isJoined {
                for piece in pieces { send(piece) }
            }
            port.flush()
        case .stream(let stream):
            do throws(GatewayFault) {
                try await write(stream, of: reply)
            } catch {
                stream.cancel()
                throw error
            }
        }
    }

    private func write(_ stream: ReplyStream, of reply: Reply) async throws(GatewayFault) {
        // The head waits for the first bytes: until then an upstream that breaks still gets its true status.
        let first = try await stream.next()
        isEventStream = reply.isEventStream
        isChunked = reply.length == nil && minorVersion > 0
        if reply.length == nil, !isChunked { keepsAlive = false }
        send(head(reply.status, reply.fields, length: reply.length, firstChunk: first?.readableBytes ?? 0))
        isOpen = true
        if let first {
            send(first)
            if isChunked { send(Self.lineEnd) }
            note(first)
            if !stream.hasMore { try await flush() }
            while try await stream.pass(to: { piece in self.pass(piece, of: stream) }) { try await flush() }
        }
        isOpen = false
        if isChunked { send(Self.lastChunk) }
        port.flush()
    }

    /// Writes a piece of a stream. False when the client cannot take more now.
    private func pass(_ piece: Bytes, of stream: ReplyStream) -> Bool {
        if !isChunked || piece.readableBytes > Self.joinedChunk {
            if isChunked { send(HeadWriter.make(capacity: 16) { $0.chunkLine(piece.readableBytes) }) }
            send(piece)
            if isChunked { send(Self.lineEnd) }
        } else {
            sendChunk(piece)
        }
        note(piece)
        if stream.hasMore { return true }
        port.flush()
        return port.isWritable
    }

    /// Hands what was written to the kernel, and waits while the client takes nothing.
    private func flush() async throws(GatewayFault) {
        port.flush()
        await settle()
        if port.isClosed { throw GatewayFault(.clientLeft, "the client left in the middle of the reply") }
    }

    /// Waits until the client has taken enough of what was written: one that sends requests and reads no reply must not fill
    /// the memory.
    func settle() async {
        guard !port.isClosed, !port.isWritable else { return }
        port.setDeadline(rules.settings.sendTimeout)
        await port.writable()
        port.clearDeadline()
    }

    // MARK: Replies of our own

    /// Writes a complete reply.
    func write(_ status: Int, fields: Bytes, body: Bytes) {
        let hasBody = !(status == 204 || status == 304)
        send(head(status, fields, length: hasBody ? body.readableBytes : nil, body: hasBody && !isHead ? [body] : []))
        port.flush()
    }

    func write(_ fault: GatewayFault) {
        let reply = FaultReply(fault, route: meter.event.route, compat: rules.settings.compat)
        write(reply.status, fields: FaultFields.lines(reply, fault, meter), body: reply.body)
    }

    /// Refuses a message that is not HTTP/1.1. The connection ends with it.
    func write(refusal reason: String, status: Int) {
        keepsAlive = false
        let body = FaultReply.body(
            message: reason, type: "invalid_request_error", param: nil, status: status,
            absent: rules.settings.compat == .v1_83 ? "None" : nil)
        write(status, fields: FaultFields.json, body: body)
    }

    /// The upstream broke in the middle: the client of an event stream is told, any other sees the connection end early.
    func endBroken(_ fault: GatewayFault) {
        keepsAlive = false
        guard isOpen, isEventStream else {
            port.flush()
            return port.close()
        }
        isOpen = false
        var event = Bytes(string: isAtBoundary ? "" : "\n\n")
        event.writeImmutableBuffer(FaultReply.event(fault, route: meter.event.route, compat: rules.settings.compat))
        sendChunk(event)
        if isChunked { send(Self.lastChunk) }
        port.flush()
    }

    // MARK: A client that stopped writing

    /// The client has shut down its writing side. Whether it still reads is asked by sending something that means nothing:
    /// a client that has left answers with a reset, and the request is abandoned.
    func probe() {
        if !hasBegun {
            guard minorVersion > 0 else { return }
            port.write(Bytes(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            return port.flush()
        }
        guard isOpen else { return }
        guard isEventStream, isAtBoundary else { return port.close() }
        sendChunk(Bytes(string: ":\n\n"))
        port.flush()
    }

    private var isAtBoundary: Bool { tail == (10, 10) }

    // MARK: Bytes

    private static let lineEnd = Bytes(string: "\r\n")
    private static let lastChunk = Bytes(string: "0\r\n\r\n")

    private func send(_ bytes: Bytes) {
        guard bytes.readableBytes > 0 else { return }
        if !hasBegun {
            hasBegun = true
            meter.firstByteSent()
        }
        meter.event.bytesOut += bytes.readableBytes
        port.write(bytes)
    }

    @inline(never)
    private func sendChunk(_ bytes: Bytes) {
        guard isChunked else { return send(bytes) }
        send(
            HeadWriter.make(capacity: bytes.readableBytes + 24) { chunk in
                chunk.chunkLine(bytes.readableBytes)
                chunk.buffer(bytes)
                chunk.literal("\r\n")
            })
    }

    private func note(_ piece: Bytes) {
        let end = piece.writerIndex
        guard piece.readableBytes >= 2, let word = piece.getInteger(at: end - 2, as: UInt16.self) else {
            tail = (tail.1, piece.getInteger(at: end - 1) ?? 0)
            return
        }
        tail = (UInt8(word >> 8), UInt8(word & 255))
    }

    // MARK: Head

    /// The head, and behind it the whole body or the line before its first chunk.
    @inline(never)
    private func head(
        _ status: Int, _ fields: Bytes, length: Int?, body: [Bytes] = [], firstChunk: Int = 0
    ) -> Bytes {
        meter.event.status = status
        let joined = body.reduce(0) { $0 + $1.readableBytes }
        return HeadWriter.make(capacity: 768 + 2 * fields.readableBytes + joined) { head in
            head.literal("HTTP/1.1 ")
            head.number(status)
            head.literal(" ")
            head.literal(StatusText.of(status))
            head.literal("\r\n")
            ReplyFields.write(fields, meter, rules.knownFields, into: &head)
            if isChunked {
                head.literal("transfer-encoding: chunked\r\n")
            } else if let length {
                head.literal("content-length: ")
                head.number(length)
                head.literal("\r\n")
            }
            if !keepsAlive {
                head.literal("connection: close\r\n")
            } else if minorVersion == 0 {
                head.literal("connection: keep-alive\r\n")
            }
            head.literal("\r\n")
            for piece in body { head.buffer(piece) }
            if isChunked, firstChunk > 0 { head.chunkLine(firstChunk) }
        }
    }
}
