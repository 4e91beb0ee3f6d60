import NIOCore
import WeirCore
import WeirLoops
import WeirWire

/// One request's reply, read from its connection as it comes. Bound to its loop.
final class UpstreamExchange: OutboundReply {
    private enum Framing {
        case length(Int)
        case chunked(ChunkDecoder)
        case untilClose
        case ended
    }

    private(set) var head = ReplyHead(status: 0, fields: Bytes(), contentKind: .other, contentLength: nil)
    private let connection: UpstreamConnection
    private let pool: UpstreamPool
    private let timeouts: UpstreamTimeouts
    private let time: TimeSource
    private let limits: HTTPLimits
    private let abandonment: Abandonment
    private let deadline: UInt64
    private var received = Bytes()
    /// How far the head was looked at.
    private var scanned = 0
    private var framing = Framing.length(0)
    private var keepsAlive = false
    /// Why `pass` was stopped: what came was garbled, or whoever took it has enough.
    private var garbled: GatewayFault?
    private var hasEnough = false

    init(
        _ connection: UpstreamConnection, _ timeouts: UpstreamTimeouts, _ pool: UpstreamPool, _ time: TimeSource,
        _ limits: HTTPLimits, _ abandonment: Abandonment
    ) {
        self.abandonment = abandonment
        self.connection = connection
        self.timeouts = timeouts
        self.pool = pool
        self.time = time
        self.limits = limits
        deadline = timeouts.total == .none ? 0 : time.monotonic() &+ timeouts.total.nanoseconds
    }

    private var address: UpstreamAddress { connection.address }

    // MARK: Head

    /// Waits for the head of the final reply. False when a kept-alive connection turned out to be closed before a byte of
    /// the reply came: the same request may then be sent once more, over another one.
    func readHead() async throws(GatewayFault) -> Bool {
        while true {
            switch try headStep(await more(timeouts.firstByte)) {
            case .complete: return true
            case .stale: return false
            case .incomplete: continue
            }
        }
    }

    private enum HeadStep { case complete, incomplete, stale }

    /// What the bytes that are here say. Apart from `readHead`, so that a head on the stack does not become part of the frame
    /// that waits.
    @inline(never)
    private func headStep(_ hasMore: Bool) throws(GatewayFault) -> HeadStep {
        guard hasMore else {
            if abandonment.isAbandoned { throw UpstreamFaults.abandoned }
            if connection.port.isExpired { throw UpstreamFaults.timeout(address, "reply") }
            if connection.isReused, received.readableBytes == 0 { return .stale }
            throw UpstreamFaults.lost(address, "before its reply", connection.port.failure)
        }
        do throws(HTTPViolation) {
            while received.readableBytes > 0 {
                let scan = try received.withUnsafeReadableBytes { bytes throws(HTTPViolation) in
                    try ResponseHead.scan(bytes, from: &scanned, toHead: false, limits: limits)
                }
                guard let scan else { return .incomplete }
                scanned = 0
                if scan.status >= 200 || scan.status == 101 {
                    try begin(scan)
                    return .complete
                }
                received.moveReaderIndex(forwardBy: scan.end)
            }
            return .incomplete
        } catch {
            connection.port.close()
            throw UpstreamFaults.garbled(address, error)
        }
    }

    private func begin(_ scan: ResponseHead) throws(HTTPViolation) {
        var fields = ByteBufferAllocator().buffer(capacity: scan.end)
        let (kind, encoded) = received.withUnsafeReadableBytes { bytes in
            scan.copyEndToEndFields(from: bytes, into: &fields)
            return (Self.contentKind(scan, bytes), Self.isEncoded(scan, bytes))
        }
        received.moveReaderIndex(forwardBy: scan.end)
        head = ReplyHead(
            status: scan.status, fields: fields, contentKind: kind, contentLength: scan.contentLength,
            isEncoded: encoded)
        keepsAlive = scan.keepsAlive
        if scan.isBodyless || scan.contentLength == 0 {
            framing = .length(0)
            finish()
        } else if scan.isChunked {
            framing = .chunked(ChunkDecoder())
        } else if let length = scan.contentLength {
            framing = .length(length)
        } else {
            framing = .untilClose
            keepsAlive = false
        }
    }

    private static func contentKind(_ scan: ResponseHead, _ bytes: UnsafeRawBufferPointer) -> ReplyHead.ContentKind {
        guard let range = scan.contentType else { return .other }
        let end = bytes[range].firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: " ") } ?? range.upperBound
        let media = range.lowerBound..<end
        if fieldNameEquals(bytes, media, "application/json") { return .json }
        if fieldNameEquals(bytes, media, "text/event-stream") { return .eventStream }
        return .other
    }

    private static func isEncoded(_ scan: ResponseHead, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let range = scan.contentEncoding else { return false }
        return !fieldNameEquals(bytes, range, "identity")
    }

    // MARK: Body

    var hasMore: Bool {
        if case .ended = framing { return true }
        return received.readableBytes > 0 || connection.port.hasMore
    }

    func next() async throws(GatewayFault) -> Bytes? {
        while true {
            if let piece = try decode() { return piece }
            if case .ended = framing { return nil }
            guard await more(timeouts.idle) else {
                _ = try endOfBytes()
                return nil
            }
        }
    }

    func pass(to take: @escaping (Bytes) -> Bool) async throws(GatewayFault) -> Bool {
        while true {
            while let piece = try decode() {
                if !take(piece) { return true }
            }
            if case .ended = framing { return false }
            let port = connection.port
            if !port.hasMore { port.setDeadline(limited(timeouts.idle)) }
            let isStopped = await port.pass { part in self.pass(part, to: take) }
            if let fault = garbled.take() { throw fault }
            if hasEnough {
                hasEnough = false
                return true
            }
            if !isStopped { return try endOfBytes() }
        }
    }

    /// Decodes bytes in the turn of the loop that brought them. False when the task that waits for them has to look.
    private func pass(_ part: Bytes, to take: (Bytes) -> Bool) -> Bool {
        receive(part)
        do throws(GatewayFault) {
            while let piece = try decode() {
                if !take(piece) {
                    hasEnough = true
                    return false
                }
            }
        } catch {
            garbled = error
            return false
        }
        if case .ended = framing { return false }
        connection.port.setDeadline(limited(timeouts.idle))
        return true
    }

    /// No more bytes will come: false when that ends the body, a fault otherwise.
    private func endOfBytes() throws(GatewayFault) -> Bool {
        guard case .untilClose = framing, connection.port.failure == nil else { throw broken() }
        framing = .ended
        return false
    }

    func cancel() {
        if case .ended = framing { return }
        framing = .ended
        abandonment.onAbandon(nil)
        connection.port.close()
    }

    /// What can be taken from the bytes that are here. Ends the exchange with the message's last byte.
    @inline(never)
    private func decode() throws(GatewayFault) -> Bytes? {
        guard received.readableBytes > 0 else { return nil }
        // An empty buffer still holds its memory, and keeps the channel from using it for the next read.
        defer { if received.readableBytes == 0 { received = Bytes() } }
        switch framing {
        case .ended: return nil
        case .untilClose:
            defer { received = Bytes() }
            return received
        case .length(let left):
            let piece = received.readSlice(length: min(left, received.readableBytes))
            framing = .length(left - (piece?.readableBytes ?? 0))
            if left == piece?.readableBytes { finish() }
            return piece
        case .chunked(var decoder):
            framing = .ended  // the decoder is moved out, so that it stays unique
            do throws(HTTPViolation) {
                let piece = try decoder.decode(&received)
                framing = .chunked(decoder)
                if decoder.isDone { finish() }
                return piece
            } catch {
                connection.port.close()
                throw UpstreamFaults.garbled(address, error)
            }
        }
    }

    private func finish() {
        framing = .ended
        abandonment.onAbandon(nil)  // the connection may serve another request from here on
        let isClean = keepsAlive && received.readableBytes == 0 && head.status != 101
        connection.port.clearDeadline()
        if isClean { pool.giveBack(connection) } else { connection.port.close() }
    }

    private func broken() -> GatewayFault {
        framing = .ended
        if abandonment.isAbandoned { return UpstreamFaults.abandoned }
        if connection.port.isExpired { return UpstreamFaults.timeout(address, "further byte") }
        return UpstreamFaults.lost(address, "in the middle of its reply", connection.port.failure)
    }

    /// Waits for bytes. False when no more will come.
    private func more(_ timeout: Timeout) async -> Bool {
        if !connection.port.hasMore { connection.port.setDeadline(limited(timeout)) }
        guard let part = await connection.port.next() else { return false }
        receive(part)
        return true
    }

    private func receive(_ part: Bytes) {
        if received.readableBytes == 0 { received = part } else { received.writeImmutableBuffer(part) }
    }

    private func limited(_ timeout: Timeout) -> Timeout {
        guard deadline != 0 else { return timeout }
        let now = time.monotonic()
        let left = Timeout(nanoseconds: deadline > now ? deadline - now : 1)
        return min(timeout, left)
    }
}
