import NIOCore
import WeirCore
import WeirWire

/// What became of bytes: a head, a violation, or neither because the head is not complete.
enum Verdict<Head: Equatable & Sendable>: Equatable, Sendable {
    case head(Head), incomplete, violation(HTTPViolation)
}

/// How the tests give bytes to the readers: at once, or in pieces as a socket would.
enum HTTP1Reading {
    static func request(_ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> Verdict<RequestHead> {
        request(bytes, pieces: [bytes.count], limits: limits)
    }

    static func request(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Verdict<RequestHead> {
        request(Array(text.utf8), limits: limits)
    }

    /// `pieces` are the lengths at which the reader looks, in rising order.
    static func request(
        _ bytes: [UInt8], pieces: some Sequence<Int>, limits: HTTPLimits = HTTPLimits()
    ) -> Verdict<RequestHead> {
        var resume = 0
        return inPieces(bytes, pieces) { bytes throws(HTTPViolation) in
            try RequestHead.scan(bytes, from: &resume, limits: limits)
        }
    }

    static func response(
        _ bytes: [UInt8], pieces: some Sequence<Int>, toHead: Bool = false, limits: HTTPLimits = HTTPLimits()
    ) -> Verdict<ResponseHead> {
        var resume = 0
        return inPieces(bytes, pieces) { bytes throws(HTTPViolation) in
            try ResponseHead.scan(bytes, from: &resume, toHead: toHead, limits: limits)
        }
    }

    static func response(
        _ text: String, toHead: Bool = false, limits: HTTPLimits = HTTPLimits()
    ) -> Verdict<ResponseHead> {
        response(Array(text.utf8), pieces: [text.utf8.count], toHead: toHead, limits: limits)
    }

    private static func inPieces<Head>(
        _ bytes: [UInt8], _ pieces: some Sequence<Int>,
        _ scan: (UnsafeRawBufferPointer) throws(HTTPViolation) -> Head?
    ) -> Verdict<Head> {
        for length in pieces {
            // A copy of its own for each look: reading behind the piece is then seen by a sanitizer, and nothing can rely
            // on the address.
            let piece = Array(bytes[..<length])
            let verdict = piece.withUnsafeBytes { piece -> Verdict<Head> in
                do throws(HTTPViolation) {
                    return try scan(piece).map { .head($0) } ?? .incomplete
                } catch {
                    return .violation(error)
                }
            }
            if verdict != .incomplete { return verdict }
        }
        return .incomplete
    }
}

/// What came out of a chunked body.
struct Unchunked: Equatable, Sendable {
    var payload: [UInt8] = []
    var isDone = false
    /// The bytes behind the body's end.
    var rest: [UInt8] = []
    var violation: HTTPViolation?

    /// Gives `bytes` to a decoder in pieces of these lengths; what remains comes in one last piece.
    init(_ bytes: [UInt8], pieces: some Sequence<Int> = [], limits: HTTPLimits = HTTPLimits()) {
        var decoder = ChunkDecoder(limits: limits)
        var buffer = Bytes()
        var at = 0
        do throws(HTTPViolation) {
            for length in pieces where at < bytes.count {
                let end = min(at + length, bytes.count)
                buffer.writeBytes(bytes[at..<end])
                at = end
                if let run = try decoder.decode(&buffer) { payload += run.readableBytesView }
            }
            buffer.writeBytes(bytes[at...])
            while buffer.readableBytes > 0, !decoder.isDone {
                if let run = try decoder.decode(&buffer) { payload += run.readableBytesView }
            }
        } catch {
            violation = error
        }
        isDone = decoder.isDone
        rest = isDone ? Array(buffer.readableBytesView) : []
    }

    init(_ text: String, limits: HTTPLimits = HTTPLimits()) { self.init(Array(text.utf8), limits: limits) }

    var text: String { String(decoding: payload, as: UTF8.self) }
}

extension Range where Bound == Int {
    /// The text that stands there.
    func text(in bytes: String) -> String { String(decoding: Array(bytes.utf8)[self], as: UTF8.self) }
}
