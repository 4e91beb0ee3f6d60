import WeirCore

extension LookupField {
    /// The longest id, and the longest text that something is found by, in bytes: two of them fit into one entry of an index of
    /// PostgreSQL (2704 bytes).
    package static let longest = 1024

    /// What `entity` is found by in this field; nil when it is not set. An empty text, and anything that is no text, counts as
    /// not set.
    package func value(of entity: Entity) -> String? {
        let text = self == .createdBy ? entity.createdBy : entity.document.string(rawValue)
        return text == "" ? nil : text
    }

    /// Whether an index can hold `text`: at most `longest` bytes, and none of them zero.
    package static func fits(_ text: String) -> Bool { text.utf8.count <= longest && !text.utf8.contains(0) }
}
