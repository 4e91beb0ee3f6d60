/// Decides whether a Redis server is asked at all: closed after an answer, open after three failures in a row, or after
/// 200 ms of silence, or at once when the server says that it is unfit. While it is open nobody asks, and one probe a
/// second, give or take a fifth, looks whether it is back. Times are nanoseconds of a monotonic clock.
struct RedisBreaker: Sendable {
    /// Failures in a row that open it.
    static let tolerated = 3
    /// Silence on a question that opens it, and ends the connection.
    static let silence: UInt64 = 200_000_000
    /// From one probe to the next; the jitter is added to four fifths of it.
    static let probeInterval: UInt64 = 1_000_000_000

    private var failures = 0
    private var lastFailure: UInt64?
    /// When the next probe is due; nil while closed.
    private(set) var probeAt: UInt64?

    var isOpen: Bool { probeAt != nil }

    /// An answer came, or a probe was answered.
    mutating func succeeded() {
        failures = 0
        lastFailure = nil
        probeAt = nil
    }

    /// A question that was asked at `askedAt` failed. Questions that were already under way at the failure before are
    /// the same failure: one stall of a busy server is one, however many waited.
    mutating func failed(askedAt: UInt64, at now: UInt64, random: UInt64) {
        if let lastFailure, askedAt < lastFailure { return }
        lastFailure = now
        failures += 1
        if failures >= Self.tolerated { open(at: now, random: random) }
    }

    /// Opens it, or puts the next probe off when it is open.
    mutating func open(at now: UInt64, random: UInt64) {
        let jitter = random % (Self.probeInterval * 2 / 5)
        probeAt = now + Self.probeInterval * 4 / 5 + jitter
    }
}
