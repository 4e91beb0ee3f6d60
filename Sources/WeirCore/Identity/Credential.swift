/// What a caller shows to be let in. Like a `Secret`, it cannot be printed.
package struct Credential: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key itself, without a scheme such as `Bearer`.
    package let bytes: Bytes

    package init(_ bytes: Bytes) { self.bytes = bytes }

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
