/// Small values that a replica tells the others with its heartbeat, such as the requests in flight at each deployment.
///
/// Form: a version byte (1), then for each value the length of its key as one byte, the key in UTF-8, and the value as 8
/// bytes, most significant first. Keys are cut at 255 bytes; at most 4096 values are told, and reading stops there too.
package struct ReplicaReport: Sendable, Equatable {
    package static let greatestCount = 4096

    package var values: [String: Int64]

    package init(_ values: [String: Int64] = [:]) { self.values = values }

    /// Nil when the bytes are not a report of this version, or end early.
    package init?(_ bytes: [UInt8]) {
        guard bytes.first == 1 else { return nil }
        var values: [String: Int64] = [:]
        var index = 1
        while index < bytes.count {
            let length = Int(bytes[index])
            let end = index + 1 + length
            guard end + 8 <= bytes.count, values.count < Self.greatestCount else { return nil }
            var word: UInt64 = 0
            for byte in bytes[end..<(end + 8)] { word = word << 8 | UInt64(byte) }
            values[String(decoding: bytes[(index + 1)..<end], as: UTF8.self)] = Int64(bitPattern: word)
            index = end + 8
        }
        self.values = values
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = [1]
        bytes.reserveCapacity(1 + values.count * 40)
        // Of too many it must not be by chance which ones are told.
        let told = values.count > Self.greatestCount ? Array(values.sorted { $0.key < $1.key }) : Array(values)
        for (key, value) in told.prefix(Self.greatestCount) {
            let name = key.utf8.prefix(255)
            bytes.append(UInt8(name.count))
            bytes.append(contentsOf: name)
            let word = UInt64(bitPattern: value)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }
}
