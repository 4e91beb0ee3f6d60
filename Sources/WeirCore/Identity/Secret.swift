/// A value that must not be seen: it cannot be printed, described, mirrored or compared by accident.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) { self.value = value }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
    package var isEmpty: Bool { value.isEmpty }

    /// The text itself: only for the wire and for digests.
    package func revealed() -> String { value }
}
