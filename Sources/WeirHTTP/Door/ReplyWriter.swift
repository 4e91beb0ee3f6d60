import NIOCore
import WeirCore
import WeirLoops
import WeirPipeline
import WeirWire

/// Writes one reply to a client: its head, its body with the right framing, its honest end. Bound to the loop.
final class ReplyWriter {
    /// Bodies up to this size go out in one piece with their head.
    private static let joinedBytes = 16_384

    private let port: Port
    private let meter: RequestMeter
    private let settings: DoorSettings
    private let minorVersion: Int
    var keepsAlive: Bool
    /// Something of the final reply has been written.
    private(set) var hasBegun = false
    private var isEventStream = false
    private var isChunked = false
    private var isOpen = false
    /// The last two bytes of the body that were written: an event stream may be added to only behind a blank line.
    private var tail: (UInt8, UInt8) = (10, 10)

    init(_ port: Port, _ meter: RequestMeter, _ settings: DoorSettings, minorVersion: Int, keepsAlive: Bool) {
        self.port = port
        self.meter = meter
        self.settings = settings
        self.minorVersion = minorVersion
        self.keepsAlive = keepsAlive
    }

    // MARK: Replies of upstreams

    /// Writes a model's reply to its end. Throws when the upstream breaks; `hasBegun` tells whether the client saw any.
    func write(_ reply: Reply) async throws(GatewayFault) {
        switch reply.body {
        case .whole(let pieces):
            let length = pieces.reduce(0) { $0 + $1.readableBytes }
            var head = begin(reply.status, fields: reply.fields, capacity: length <= Self.joinedBytes ? length : 0)
            endHead(&head, length: length)
            if length <= Self.joinedBytes {
                for piece in pieces { head.writeImmutableBuffer(piece) }
                send(head)
            } else {
                send(head)
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
        var next = try await stream.next()
        isEventStream = reply.isEventStream
        isChunked = reply.length == nil && minorVersion > 0
        if reply.length == nil, !isChunked { keepsAlive = false }
        var head = begin(reply.status, fields: reply.fields, capacity: 64)
        endHead(&head, length: reply.length)
        isOpen = true
        var prefix = head
        while let piece = next {
            if isChunked { ChunkSize.write(piece.readableBytes, into: &prefix) }
            send(prefix)
            send(piece)
            note(piece)
            prefix = isChunked ? Self.lineEnd : Bytes()
            if !stream.hasMore {
                if isChunked {
                    send(prefix)
                    prefix = Bytes()
                }
                try await flush()
            }
            next = try await stream.next()
        }
        isOpen = false
        if isChunked { prefix.writeStaticString("0\r\n\r\n") }
        send(prefix)
        port.flush()
    }

    /// Hands what was written to the kernel, and waits while the client takes nothing.
    private func flush() async throws(GatewayFault) {
        port.flush()
        if !port.isClosed, !port.isWritable {
            port.setDeadline(settings.sendTimeout)
            await port.writable()
            port.clearDeadline()
        }
        if port.isClosed { throw GatewayFault(.clientLeft, "the client left in the middle of the reply") }
    }

    // MARK: Replies of our own

    /// Writes a complete reply.
    func write(_ status: Int, fields: Bytes, body: Bytes, isHead: Bool = false) {
        var head = begin(status, fields: fields, capacity: body.readableBytes)
        let hasBody = !(status == 204 || status == 304)
        endHead(&head, length: hasBody ? body.readableBytes : nil)
        if hasBody, !isHead { head.writeImmutableBuffer(body) }
        send(head)
        port.flush()
    }

    func write(_ fault: GatewayFault) {
        let reply = FaultReply(fault, route: meter.event.route, compat: settings.compat)
        write(reply.status, fields: FaultFields.lines(reply, fault), body: reply.body)
    }

    /// Refuses a message that is not HTTP/1.1. The connection ends with it.
    func write(refusal reason: String, status: Int) {
        keepsAlive = false
        let body = FaultReply.body(
            message: reason, type: "invalid_request_error", param: nil, status: status,
            absent: settings.compat == .v1_83 ? "None" : nil)
        write(status, fields: FaultFields.json, body: body)
    }

    /// The upstream broke in the middle: the client of an event stream is told, any other sees the connection end early.
    func endBroken(_ fault: GatewayFault) {
        keepsAlive = false
        guard isOpen, isEventStream else { return port.close() }
        isOpen = false
        var event = Bytes(string: isAtBoundary ? "" : "\n\n")
        event.writeImmutableBuffer(FaultReply.event(fault, route: meter.event.route, compat: settings.compat))
        sendChunk(event)
        if isChunked { send(Bytes(string: "0\r\n\r\n")) }
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

    private func send(_ bytes: Bytes) {
        guard bytes.readableBytes > 0 else { return }
        if !hasBegun {
            hasBegun = true
            meter.firstByteSent()
        }
        meter.event.bytesOut += bytes.readableBytes
        port.write(bytes)
    }

    private func sendChunk(_ bytes: Bytes) {
        guard isChunked else { return send(bytes) }
        var chunk = Bytes()
        ChunkSize.write(bytes.readableBytes, into: &chunk)
        chunk.writeImmutableBuffer(bytes)
        chunk.writeImmutableBuffer(Self.lineEnd)
        send(chunk)
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

    private func begin(_ status: Int, fields: Bytes, capacity: Int) -> Bytes {
        meter.event.status = status
        var head = ByteBufferAllocator().buffer(capacity: 640 + fields.readableBytes * 2 + capacity)
        head.writeStaticString("HTTP/1.1 ")
        DecimalText.write(status, into: &head)
        head.writeStaticString(" ")
        head.writeStaticString(StatusText.of(status))
        head.writeStaticString("\r\n")
        ReplyFields.write(fields, meter, settings, into: &head)
        return head
    }

    private func endHead(_ head: inout Bytes, length: Int?) {
        if isChunked {
            head.writeStaticString("transfer-encoding: chunked\r\n")
        } else if let length {
            head.writeStaticString("content-length: ")
            DecimalText.write(length, into: &head)
            head.writeStaticString("\r\n")
        }
        if !keepsAlive {
            head.writeStaticString("connection: close\r\n")
        } else if minorVersion == 0 {
            head.writeStaticString("connection: keep-alive\r\n")
        }
        head.writeStaticString("\r\n")
    }
}

/// The line before a chunk (RFC 9112, 7.1).
enum ChunkSize {
    static func write(_ size: Int, into buffer: inout Bytes) {
        writeDigits(size, into: &buffer)
        buffer.writeStaticString("\r\n")
    }

    private static func writeDigits(_ size: Int, into buffer: inout Bytes) {
        if size >= 16 { writeDigits(size >> 4, into: &buffer) }
        let digit = UInt8(size & 15)
        buffer.writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
}

extension DecimalText {
    /// Writes a number that is not negative.
    static func write(_ number: Int, into buffer: inout Bytes) {
        if number >= 10 { write(number / 10, into: &buffer) }
        buffer.writeInteger(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
