/// How large the parts of a message may be before the bytes of its body. Every limit is inclusive: a part of exactly that
/// size is accepted. All are bytes unless they say otherwise, and are meant to be above 0.
package struct HTTPLimits: Sendable, Equatable {
    /// A head from its first byte to the end of its blank line. 64 KiB, as h11 under uvicorn has it; nginx allows 32 KiB,
    /// Apache about 800 KiB.
    package var headBytes = 65_536
    /// Header lines in one head, a count. 100, as Apache's `LimitRequestFields`.
    package var fieldCount = 100
    /// A request line without its CRLF. 8 KiB, as nginx's `large_client_header_buffers` and, nearly, Apache's
    /// `LimitRequestLine`; RFC 9112, section 3, asks for at least 8,000. A longer status line counts as `headTooLarge`.
    package var requestLineBytes = 8_192
    /// The extensions of a chunk; those of a whole message may take as many bytes as its payload, and this beyond. They
    /// are skipped, so nobody has a use for long ones, and each costs work that a limit on the body's length does not see.
    package var chunkExtensionBytes = 4_096
    /// The trailer section after the last chunk, its blank line included.
    package var trailerBytes = 8_192

    package init() {}
}
