/// An address, or all that begin like it (CIDR): IPv4, and IPv6, where IPv4 addresses are taken as their IPv6 form
/// (`::ffff:10.0.0.1`), so that either spelling of an address is the same.
package struct AddressBlock: Sendable, Hashable {
    private let bits: UInt128
    private let mask: UInt128

    /// `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`; nil for anything else. A zone (`%eth0`) is left out.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let bits = Self.bits(of: first) else { return nil }
        var length = 128
        if parts.count == 2 {
            guard let given = Int(parts[1]), given >= 0, parts[1].allSatisfy(\.isNumber) else { return nil }
            length = first.contains(":") ? given : given + 96
            guard given <= (first.contains(":") ? 128 : 32) else { return nil }
        }
        mask = length == 0 ? 0 : UInt128.max << UInt128(128 - length)
        self.bits = bits & mask
    }

    package func contains(_ address: AddressBlock) -> Bool {
        address.bits & mask == bits && address.mask & mask == mask
    }

    // MARK: Text

    private static let mapped: UInt128 = 0xFFFF << 32

    private static func bits(of text: Substring) -> UInt128? {
        guard text.contains(":") else { return version4(text).map { mapped | UInt128($0) } }
        return version6(text.prefix { $0 != "%" })
    }

    private static func version4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(number)
        }
        return bits
    }

    private static func version6(_ text: Substring) -> UInt128? {
        guard let gap = text.firstRange(of: "::") else {
            guard let groups = groups(text), groups.count == 8 else { return nil }
            return join(groups)
        }
        guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]),
            head.count + tail.count < 8
        else { return nil }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    /// The groups of 16 bits, the last two of which may be written as an IPv4 address.
    private static func groups(_ text: Substring) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let bits = version4(part) else { return nil }
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.first != UInt8(ascii: "+"),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func join(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
}
