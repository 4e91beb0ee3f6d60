import WeirCore

/// Tells whether a key was there before, without cost for the few keys that objects have and in bounded time for many.
struct KeyRegister {
    /// One bit for each small digest that was seen: as long as it is clear, the key is certainly new.
    private var seen: UInt64 = 0
    /// Seeded hashes of all keys, once there are many: nobody can choose keys that collide.
    private var hashes: Set<Int> = []
    private static let few = 24

    /// Takes note of `key`, whose bytes stand at `base`; `members` are those before it.
    @inline(__always)
    mutating func isNew(_ key: Range<Int>, among members: [JSONMember], _ base: UnsafePointer<UInt8>) -> Bool {
        if members.count < KeyRegister.few {
            var digest = key.count
            if !key.isEmpty {
                digest &+= Int(base[key.lowerBound]) &* 7 &+ Int(base[key.upperBound &- 1]) &* 31
                digest &+= Int(base[key.lowerBound &+ key.count / 2]) &* 13
            }
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: digest & 63)
            if seen & bit == 0 {
                seen |= bit
                return true
            }
            return !KeyRegister.stands(key, among: members, base)
        }
        return isNewAmongMany(key, members, base)
    }

    private mutating func isNewAmongMany(
        _ key: Range<Int>, _ members: [JSONMember], _ base: UnsafePointer<UInt8>
    ) -> Bool {
        if hashes.isEmpty {
            for member in members { hashes.insert(KeyRegister.hash(member.key, base)) }
        }
        let (inserted, _) = hashes.insert(KeyRegister.hash(key, base))
        return inserted || !KeyRegister.stands(key, among: members, base)
    }

    private static func hash(_ key: Range<Int>, _ base: UnsafePointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(start: base + key.lowerBound, count: key.count))
        return hasher.finalize()
    }

    private static func stands(
        _ key: Range<Int>, among members: [JSONMember], _ base: UnsafePointer<UInt8>
    ) -> Bool {
        members.contains { member in
            guard member.key.count == key.count else { return false }
            for index in 0..<key.count
            where base[member.key.lowerBound &+ index] != base[key.lowerBound &+ index] {
                return false
            }
            return true
        }
    }
}
