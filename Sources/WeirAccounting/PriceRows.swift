/// Rows of a price file as they lie in memory, sorted: found by halving, without an index.
///
/// The order is that of the names without regard to ASCII case, then by bytes; every row ends with a line feed, and a
/// name ends at the first comma. A search looks at log₂ of the bytes' number, 18 rows for 210 KB.
struct PriceRows {
    let bytes: UnsafeBufferPointer<UInt8>

    struct Hit {
        /// The row without its line feed.
        let row: Slice<UnsafeBufferPointer<UInt8>>
        /// Whether the name is the same byte by byte, and not only when case is ignored.
        let isExact: Bool
    }

    /// The row of `name`: the exact one, or else the last that differs in case only.
    func row(named name: ModelName) -> Hit? {
        // `low` and `high` are always starts of rows. Everything before `low` is lower than the name or equal to it.
        var low = 0
        var high = bytes.count
        while low < high {
            let start = startOfRow(around: low + (high - low) / 2)
            if order(ofRowAt: start, against: name) > 0 { high = start } else { low = endOfRow(from: start) + 1 }
        }
        var candidate: Hit?
        var end = low
        while end > 0 {
            let start = startOfRow(around: end - 1)
            guard order(ofRowAt: start, against: name) == 0 else { break }
            let hit = Hit(row: bytes[start..<(end - 1)], isExact: isExact(rowAt: start, name))
            if hit.isExact { return hit }
            candidate = candidate ?? hit
            end = start
        }
        return candidate
    }

    private func startOfRow(around position: Int) -> Int {
        var start = position
        while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return start
    }

    private func endOfRow(from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// Below zero when the row's name is lower, zero when both are the same but for case.
    private func order(ofRowAt start: Int, against name: ModelName) -> Int {
        let length = name.count
        var position = 0
        while true {
            let byte = start + position < bytes.count ? bytes[start + position] : UInt8(ascii: ",")
            let ended = byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
            if position == length { return ended ? 0 : 1 }
            if ended { return -1 }
            let left = Self.folded(byte)
            let right = Self.folded(name[position])
            if left != right { return left < right ? -1 : 1 }
            position += 1
        }
    }

    /// Only for a row whose name is the same but for case.
    private func isExact(rowAt start: Int, _ name: ModelName) -> Bool {
        (0..<name.count).allSatisfy { bytes[start + $0] == name[$0] }
    }

    static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
