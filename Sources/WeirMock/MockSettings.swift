package import WeirCore

/// What holds for all requests of a mock upstream.
package struct MockSettings: Sendable {
    /// Before the first byte of a reply.
    package var delay = Timeout.none
    /// Pieces of text in a stream, 1 to 100,000; nil: one for each word.
    package var pieces: Int?
    /// Between two pieces of a stream.
    package var interval = Timeout.none

    package init() {}

    /// A request's body is read up to this size, 64 MiB; above it the answer is 413.
    static let bodyBytes = 64 << 20
    static let mostPieces = 100_000
}
