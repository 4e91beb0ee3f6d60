/// Bytes that are not RESP, or pass a limit: a connection that brought them cannot be read any further.
package struct RESPFault: Error, Sendable, Equatable {
    /// What was found, as the end of a sentence that begins with "the server sent".
    package let what: String

    init(_ what: String) { self.what = what }
}
