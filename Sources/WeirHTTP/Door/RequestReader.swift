import NIOCore
import WeirCore
import WeirLoops
import WeirWire

/// The bytes that a client has sent and that are not used yet, and the reading of heads and bodies from them.
struct RequestReader {
    enum Head {
        case request(RequestHead, Bytes)
        case refused(HTTPViolation)
        /// The client is done, has left, or was too slow.
        case ended
    }

    private let port: Port
    private var buffer = Bytes()

    init(_ port: Port) { self.port = port }

    /// Bytes of the next request are here already.
    var hasBytes: Bool { buffer.readableBytes > 0 }

    // MARK: Head

    /// The next head. `begun` is called when its first byte is there.
    mutating func nextHead(_ settings: DoorSettings, begun: () -> Void) async -> Head {
        var scanned = 0
        var hasBegun = false
        var isTimed = false
        while true {
            if buffer.readableBytes > 0 {
                if !hasBegun {
                    hasBegun = true
                    begun()
                }
                do throws(HTTPViolation) {
                    let head = try buffer.withUnsafeReadableBytes { bytes throws(HTTPViolation) in
                        try RequestHead.scan(bytes, from: &scanned, limits: settings.limits)
                    }
                    if let head, let bytes = buffer.readSlice(length: head.end) {
                        port.clearDeadline()
                        return .request(head, bytes)
                    }
                } catch { return .refused(error) }
                // The whole head has one deadline, however many bytes come one at a time.
                if !isTimed { port.setDeadline(settings.headTimeout) }
                isTimed = true
            } else {
                port.setDeadline(settings.idleTimeout)
            }
            guard await more() else { return .ended }
        }
    }

    // MARK: Body

    /// The body of a request. Throws `bodyTooLarge`, `malformedRequest`, `requestTimeout`, `clientLeft`.
    mutating func body(
        of head: RequestHead, _ settings: DoorSettings, now: () -> UInt64
    ) async throws(GatewayFault) -> Bytes {
        if let length = head.contentLength, length > settings.bodyBytes { throw Self.tooLarge(settings) }
        guard head.isChunked || head.contentLength ?? 0 > 0 else { return Bytes() }
        if head.expectsContinue, buffer.readableBytes == 0 {
            port.write(Bytes(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            port.flush()
        }
        let end = now() &+ settings.bodyTimeout.nanoseconds
        defer { port.clearDeadline() }
        if let length = head.contentLength { return try await sized(length, settings, end, now) }
        return try await chunked(settings, end, now)
    }

    private mutating func sized(
        _ length: Int, _ settings: DoorSettings, _ end: UInt64, _ now: () -> UInt64
    ) async throws(GatewayFault) -> Bytes {
        if buffer.readableBytes < length {
            // What a client announces it need not send: room is made as it comes.
            buffer.reserveCapacity(minimumWritableBytes: min(length - buffer.readableBytes, 1 << 18))
        }
        while buffer.readableBytes < length { try await moreBody(settings, end, now) }
        return buffer.readSlice(length: length) ?? Bytes()
    }

    private mutating func chunked(
        _ settings: DoorSettings, _ end: UInt64, _ now: () -> UInt64
    ) async throws(GatewayFault) -> Bytes {
        var decoder = ChunkDecoder(limits: settings.limits)
        var body = Bytes()
        while true {
            if buffer.readableBytes > 0 {
                do throws(HTTPViolation) {
                    if var piece = try decoder.decode(&buffer) {
                        if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
                    }
                } catch { throw GatewayFault(.malformedRequest, error.reason) }
                if body.readableBytes > settings.bodyBytes { throw Self.tooLarge(settings) }
                if decoder.isDone { return body }
            }
            try await moreBody(settings, end, now)
        }
    }

    private mutating func moreBody(
        _ settings: DoorSettings, _ end: UInt64, _ now: () -> UInt64
    ) async throws(GatewayFault) {
        if !port.hasMore {
            let current = now()
            let left = Timeout(nanoseconds: end > current ? end - current : 1)
            port.setDeadline(min(settings.bodyIdleTimeout, left))
        }
        guard await more() else {
            throw port.isExpired
                ? GatewayFault(.requestTimeout, "The request's body did not arrive in time.")
                : GatewayFault(.clientLeft, "The client left before its request was complete.")
        }
    }

    private static func tooLarge(_ settings: DoorSettings) -> GatewayFault {
        let limit =
            settings.bodyBytes % (1 << 20) == 0 ? "\(settings.bodyBytes >> 20) MiB" : "\(settings.bodyBytes) bytes"
        return GatewayFault(
            .bodyTooLarge,
            "The request's body is larger than \(limit); raise general_settings.max_request_size_mb to allow it.")
    }

    // MARK: Leftovers

    /// Reads and drops a body that nobody wants, so that the connection can go on; false when it is too long for that.
    mutating func skipBody(of head: RequestHead, _ settings: DoorSettings) async -> Bool {
        guard !head.isChunked, !head.expectsContinue, var left = head.contentLength, left <= 1 << 18 else {
            return !head.isChunked && head.contentLength ?? 0 == 0
        }
        while true {
            let here = min(left, buffer.readableBytes)
            buffer.moveReaderIndex(forwardBy: here)
            left -= here
            if left == 0 { return true }
            port.setDeadline(settings.bodyIdleTimeout)
            guard await more() else { return false }
        }
    }

    /// Reads and drops what comes until the client closes, so that it gets the last reply instead of a reset; at most
    /// 1 MiB.
    mutating func linger(_ timeout: Timeout) async {
        var dropped = 0
        port.setDeadline(timeout)
        while dropped < 1 << 20, let part = await port.next() { dropped += part.readableBytes }
    }

    private mutating func more() async -> Bool {
        guard var part = await port.next() else { return false }
        if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
        return true
    }
}
