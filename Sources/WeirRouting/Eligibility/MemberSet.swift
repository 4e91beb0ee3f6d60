/// A set of places in a group; the first 64 need no allocation.
struct MemberSet: Sendable {
    private var low: UInt64 = 0
    private var high: [UInt64] = []

    init() {}

    var isEmpty: Bool { low == 0 && high.isEmpty }

    @inline(__always)
    func contains(_ place: Int) -> Bool {
        if place < 64 { return low >> UInt64(place) & 1 == 1 }
        return containsHigh(place)
    }

    @inline(never)
    private func containsHigh(_ place: Int) -> Bool {
        let word = place / 64 - 1
        return word < high.count && high[word] >> UInt64(place % 64) & 1 == 1
    }

    mutating func insert(_ place: Int) {
        guard place >= 64 else {
            low |= 1 << UInt64(place)
            return
        }
        let word = place / 64 - 1
        while high.count <= word { high.append(0) }
        high[word] |= 1 << UInt64(place % 64)
    }

    mutating func formUnion(_ other: MemberSet) {
        low |= other.low
        while high.count < other.high.count { high.append(0) }
        for (word, bits) in other.high.enumerated() { high[word] |= bits }
    }

    func union(_ other: MemberSet) -> MemberSet {
        var all = self
        all.formUnion(other)
        return all
    }
}
