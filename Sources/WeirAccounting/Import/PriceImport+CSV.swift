extension PriceImport {
    /// Reads Weir's own form: lines that begin with `#` are comments, then comes the line of column names, then the rows.
    package static func read(csv bytes: [UInt8]) throws(PriceImportFault) -> PriceImport {
        var result = PriceImport()
        var isHeadSeen = false
        var fault: PriceImportFault?
        bytes.withUnsafeBufferPointer { all in
            for line in all.split(separator: UInt8(ascii: "\n")) {
                let row = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
                if row.isEmpty || row.first == UInt8(ascii: "#") { continue }
                guard isHeadSeen else {
                    guard row.elementsEqual(PriceRow.columns.utf8) else {
                        fault = PriceImportFault(
                            reason: "the first line is not \(PriceRow.columns)", offset: row.startIndex)
                        return
                    }
                    isHeadSeen = true
                    continue
                }
                do throws(Problem) {
                    guard Self.isText(row) else { throw Problem(model: "?", reason: "the row is not UTF-8") }
                    result.entries.append(try PriceRow.read(row))
                } catch {
                    result.problems.append(error)
                }
            }
        }
        if let fault { throw fault }
        guard isHeadSeen else { throw PriceImportFault(reason: "the file has no line of column names", offset: 0) }
        return result
    }

    private static func isText(_ row: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        String(validating: row, as: UTF8.self) != nil
    }

    /// The entries in Weir's own form, in their order.
    package var csv: [UInt8] {
        var bytes = Array((PriceRow.columns + "\n").utf8)
        for entry in entries {
            bytes.append(contentsOf: PriceRow.text(of: entry).utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
