import WeirStorage

/// What both databases can hold as text.
enum SQLText {
    /// PostgreSQL has no U+0000 in texts, and both libraries take it for the end: nothing may be cut off silently.
    static func checked(_ text: String) throws(SQLFault) -> String {
        guard !text.utf8.contains(0) else {
            throw .refused("A text with the character U+0000 cannot be stored.")
        }
        return text
    }
}
