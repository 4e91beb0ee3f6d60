import NIOCore
import WeirCore
import WeirLoops
import WeirWire

/// The bytes that a client has sent and that are not used yet, and the reading of heads and bodies from them.
struct RequestReader {
    enum Head {
        case request(ScannedRequest)
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
    mutating func nextHead(_ rules: DoorRules, begun: () -> Void) async -> Head {
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
                        try RequestHead.scan(bytes, from: &scanned, limits: rules.settings.limits)
                    }
                    if let head, let bytes = buffer.readSlice(length: head.end) {
                        letGo()
                        port.clearDeadline()
                        return .request(ScannedRequest(head, bytes))
                    }
                } catch { return .refused(error) }
                // The whole head has one deadline, however many bytes come one at a time.
                if !isTimed { port.setDeadline(rules.settings.headTimeout) }
                isTimed = true
            } else {
                port.setDeadline(rules.settings.idleTimeout)
            }
            guard await more() else { return .ended }
        }
    }

    // MARK: Body

    /// The body of a request. Throws `bodyTooLarge`, `malformedRequest`, `requestTimeout`, `clientLeft`.
    mutating func body(
        of request: ScannedRequest, _ rules: DoorRules, now: () -> UInt64
    ) async throws(GatewayFault) -> Bytes {
        if let length = request.head.contentLength, length > rules.settings.bodyBytes { throw Self.tooLarge(rules) }
        guard request.head.isChunked || request.head.contentLength ?? 0 > 0 else { return Bytes() }
        if request.head.expectsContinue, buffer.readableBytes == 0 {
            port.write(Bytes(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            port.flush()
        }
        let end = now() &+ rules.settings.bodyTimeout.nanoseconds
        defer { port.clearDeadline() }
        if let length = request.head.contentLength { return try await sized(length, rules, end, now) }
        return try await chunked(rules, end, now)
    }

    private mutating func sized(
        _ length: Int, _ rules: DoorRules, _ end: UInt64, _ now: () -> UInt64
    ) async throws(GatewayFault) -> Bytes {
        if buffer.readableBytes < length {
            // What a client announces it need not send: room is made as it comes.
            buffer.reserveCapacity(minimumWritableBytes: min(length - buffer.readableBytes, 1 << 18))
        }
        while buffer.readableBytes < length { try await moreBody(rules, end, now) }
        defer { letGo() }
        return buffer.readSlice(length: length) ?? Bytes()
    }

    /// An empty buffer still holds its memory, and keeps the channel from using it for the next read.
    private mutating func letGo() {
        if buffer.readableBytes == 0 { buffer = Bytes() }
    }

    private mutating func chunked(
        _ rules: DoorRules, _ end: UInt64, _ now: () -> UInt64
    ) async throws(GatewayFault) -> Bytes {
        var decoder = ChunkDecoder(limits: rules.settings.limits)
        var body = Bytes()
        while true {
            if buffer.readableBytes > 0 {
                do throws(HTTPViolation) {
                    if var piece = try decoder.decode(&buffer) {
                        if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
                    }
                } catch { throw GatewayFault(.malformedRequest, error.reason) }
                if body.readableBytes > rules.settings.bodyBytes { throw Self.tooLarge(rules) }
                if decoder.isDone {
                    letGo()
                    return body
                }
            }
            try await moreBody(rules, end, now)
        }
    }

    private mutating func moreBody(
        _ rules: DoorRules, _ end: UInt64, _ now: () -> UInt64
    ) async throws(GatewayFault) {
        if !port.hasMore {
            let current = now()
            let left = Timeout(nanoseconds: end > current ? end - current : 1)
            port.setDeadline(min(rules.settings.bodyIdleTimeout, left), closing: false)
        }
        guard await more() else {
            throw port.isExpired
                ? GatewayFault(.requestTimeout, "The request's body did not arrive in time.")
                : GatewayFault(.clientLeft, "The client left before its request was complete.")
        }
    }

    private static func tooLarge(_ rules: DoorRules) -> GatewayFault {
        let limit =
            rules.settings.bodyBytes % (1 << 20) == 0
            ? "\(rules.settings.bodyBytes >> 20) MiB" : "\(rules.settings.bodyBytes) bytes"
        return GatewayFault(
            .bodyTooLarge,
            "The request's body is larger than \(limit); raise general_settings.max_request_size_mb to allow it.")
    }

    // MARK: Leftovers

    /// Reads and drops a body that nobody wants, so that the connection can go on; false when it is too long for that.
    mutating func skipBody(of request: ScannedRequest, _ rules: DoorRules) async -> Bool {
        guard !request.head.isChunked, !request.head.expectsContinue, var left = request.head.contentLength,
            left <= 1 << 18
        else {
            return !request.head.isChunked && request.head.contentLength ?? 0 == 0
        }
        while true {
            let here = min(left, buffer.readableBytes)
            buffer.moveReaderIndex(forwardBy: here)
            left -= here
            if left == 0 { return true }
            port.setDeadline(rules.settings.bodyIdleTimeout)
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

/// The head of a request, with the bytes it stands in. A reference: it has some twenty ranges, and goes a long way.
final class ScannedRequest {
    let head: RequestHead
    private(set) var bytes: Bytes

    init(_ head: RequestHead, _ bytes: Bytes) {
        self.head = head
        self.bytes = bytes
    }

    /// Lets go of the buffer that the request was received in, and of the body with it: a stream may last for hours.
    func trim() { bytes = Bytes(bytes: bytes.readableBytesView) }

    /// The text of one of the head's ranges, cut to `limit` bytes.
    func text(_ range: Range<Int>?, limit: Int = 65_536) -> String? {
        range.flatMap { bytes.getString(at: bytes.readerIndex + $0.lowerBound, length: min($0.count, limit)) }
    }
}
