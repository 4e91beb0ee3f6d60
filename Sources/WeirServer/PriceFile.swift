import WeirAccounting
import WeirConfig

/// Prices from a file beside the built-in ones.
enum PriceFile {
    /// Throws a sentence when the file cannot be read.
    static func read(_ path: String) throws(PriceFileFault) -> PriceTable {
        let bytes: [UInt8]
        do throws(ConfigSourceError) { bytes = try FileSource().read(path) } catch {
            throw PriceFileFault(description: "\(path): \(error.reason)")
        }
        do throws(PriceImportFault) { return PriceTable(importing: try PriceImport.read(bytes)) } catch {
            throw PriceFileFault(description: "\(path) is not a price file: \(error.reason) at byte \(error.offset)")
        }
    }
}

/// A price file that cannot be used, in a sentence.
package struct PriceFileFault: Error, CustomStringConvertible {
    package let description: String
}
