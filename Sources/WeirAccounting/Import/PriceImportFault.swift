/// Why a whole price file cannot be used.
package struct PriceImportFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as a sentence without full stop.
    package let reason: String
    /// The byte of the file at which reading ended, counted from 0.
    package let offset: Int

    package init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason) (at byte \(offset))" }
}
