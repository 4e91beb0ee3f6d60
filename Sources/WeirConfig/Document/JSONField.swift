/// A key with a value that is valid JSON text; a number keeps the digits that its author wrote.
package struct JSONField: Sendable, Hashable {
    /// The key as text, without quotes and escapes.
    package let key: String
    package let json: String

    package init(key: String, json: String) {
        self.key = key
        self.json = json
    }
}
