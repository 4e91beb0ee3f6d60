/// What a price file holds: entries that can be used, and what was wrong with the others.
///
/// Two forms are read: LiteLLM's `model_prices_and_context_window.json`, and Weir's own rows (see `PriceRow`), which is
/// what a running Weir loads. `csv` writes the second.
package struct PriceImport: Sendable, Equatable {
    /// An entry that was left out.
    package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        package let model: String
        /// A sentence without full stop.
        package let reason: String

        package init(model: String, reason: String) {
            self.model = model
            self.reason = reason
        }

        package var description: String { "\(model): \(reason)" }
    }

    /// Bytes of the largest file that is read.
    package static let largestFile = 64 << 20

    /// In the order of the file. A name may stand in it more than once; the later entry wins.
    package var entries: [ModelFacts] = []
    package var problems: [Problem] = []
    /// Fields that mean nothing to Weir, over all entries.
    package var unknownFields = 0
    /// Entries without prices per token of text: pictures, speech, searches.
    package var unpriced = 0
    /// Prices with digits below 10⁻¹⁸ dollar, which were rounded to it.
    package var roundedPrices = 0

    package init() {}

    /// Reads a file of either form: one that begins with `{` is LiteLLM's. Throws when its form is broken, or when it is
    /// larger than `largestFile`; a single bad entry is a problem, and the rest is imported.
    package static func read(_ bytes: [UInt8]) throws(PriceImportFault) -> PriceImport {
        guard bytes.count <= largestFile else {
            throw PriceImportFault(reason: "the file is larger than \(largestFile) bytes", offset: largestFile)
        }
        let blank: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        let start = bytes.firstIndex { !blank.contains($0) }
        guard let start else { throw PriceImportFault(reason: "the file is empty", offset: 0) }
        return bytes[start] == UInt8(ascii: "{") ? try read(liteLLM: bytes) : try read(csv: bytes)
    }
}
