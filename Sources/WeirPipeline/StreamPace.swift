import NIOCore
import WeirCore

/// Watches how fast a stream comes (`min_tokens_per_second`). A class, because most streams have none.
///
/// Only the time counts in which the upstream was waited for, so a client that reads slowly does it no harm. Providers tell
/// the number of tokens at the end, so it is estimated, rather too high: one for each event, and one for each 4 bytes by which
/// an event is longer than the shortest one.
final class StreamPace {
    /// It is looked at each time that the upstream was waited for so long, in nanoseconds.
    static let span: UInt64 = 5_000_000_000

    /// Tokens a second.
    let least: Double
    private let span: UInt64
    private var waited: UInt64 = 0
    private var bytes = 0
    private var events = 0
    /// The length of the shortest event, as far as it is known.
    private var shortest = Int.max
    private var isAtLineStart = true

    init(least: Double) {
        self.least = least
        // Long enough for two tokens, so that one that comes a little late is not the end.
        let seconds = min(2 / max(least, 0.000_1), 20_000)
        span = max(Self.span, UInt64(seconds * 1_000_000_000))
    }

    /// More of the stream has come, after so many nanoseconds of waiting. False when it has been too slow.
    func keeps(_ piece: Bytes, after nanoseconds: UInt64) -> Bool {
        count(piece)
        waited &+= nanoseconds
        guard waited >= span else { return true }
        let seconds = Double(waited) / 1_000_000_000
        defer { (waited, bytes, events) = (0, 0, 0) }
        return tokens >= least * seconds
    }

    /// Those of the time that is being looked at, as estimated.
    var tokens: Double {
        guard events > 0 else { return 0 }
        return Double(events) + Double(max(0, bytes - events * min(shortest, bytes))) / 4
    }

    private func count(_ piece: Bytes) {
        var found = 0
        for byte in piece.readableBytesView {
            if isAtLineStart, byte == UInt8(ascii: "d") { found += 1 }
            isAtLineStart = byte == UInt8(ascii: "\n")
        }
        bytes += piece.readableBytes
        events += found
        if found > 0 { shortest = min(shortest, piece.readableBytes / found) }
    }
}
