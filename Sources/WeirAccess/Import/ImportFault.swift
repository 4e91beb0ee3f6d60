/// Why something cannot be taken over: a sentence for the report, without secrets.
package struct ImportFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
