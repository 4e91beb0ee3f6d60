import NIOCore
import WeirCore
import WeirWire

/// The header fields of an error that tell something of it.
struct ErrorFields {
    /// Names and values in small letters, values trimmed. Values that are longer than any of use are left out.
    private(set) var all: [(name: [UInt8], value: [UInt8])] = []
    /// The name that AWS gives to the error, in small letters.
    private(set) var code: String?

    private static let errorType = Array("x-amzn-errortype".utf8)
    private static let names = ["retry-after", "retry-after-ms", "cf-mitigated"].map { Array($0.utf8) }
    private static let limits = ["ratelimit", "rate-limit-"].map { Array($0.utf8) }
    private static let valueBytes = 128
    private static let fieldCount = 64

    /// - Parameter fields: raw lines, each with its line end.
    init(_ fields: Bytes) {
        fields.withUnsafeReadableBytes { bytes in
            var lines = FieldLines(bytes, 0..<bytes.count)
            while all.count < Self.fieldCount, let line = lines.next() {
                guard line.name.count >= 9, line.name.count <= 64, line.value.count <= Self.valueBytes else { continue }
                let name = bytes[line.name].map(ErrorWords.lowercased)
                if name == Self.errorType {
                    code = ErrorWords.code(ErrorWords.lowercased(bytes[line.value]))
                } else if Self.names.contains(name) || Self.limits.contains(where: { name.place(of: $0) != nil }) {
                    all.append((name, bytes[line.value].map(ErrorWords.lowercased)))
                }
            }
        }
    }

    func has(_ name: String) -> Bool { value(name) != nil }

    /// The first of this name.
    func value(_ name: String) -> [UInt8]? { all.first { $0.name.elementsEqual(name.utf8) }?.value }
}
