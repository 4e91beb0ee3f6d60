/// Keys that the store was asked for and does not have, for a short while and at most so many: guessing keys costs a digest
/// and a look-up. The oldest make room for the newest.
struct UnknownKeys {
    private let capacity: Int
    /// Nanoseconds.
    private let life: UInt64
    /// When each was found missing.
    private var since: [KeyDigest: UInt64] = [:]
    /// In the order in which they came, as a ring.
    private var order: [KeyDigest] = []
    private var next = 0

    init(capacity: Int, life: UInt64) {
        self.capacity = max(1, capacity)
        self.life = life
    }

    var count: Int { since.count }

    /// A wall clock that was set back makes them forgotten, not immortal.
    func contains(_ digest: KeyDigest, at wall: UInt64) -> Bool {
        guard let since = since[digest] else { return false }
        return wall &- since < life
    }

    mutating func insert(_ digest: KeyDigest, at wall: UInt64) {
        if since.updateValue(wall, forKey: digest) != nil { return }
        if order.count < capacity {
            order.append(digest)
            return
        }
        since.removeValue(forKey: order[next])
        order[next] = digest
        next = (next + 1) % capacity
    }

    /// Its place in the ring stays until its turn comes; what is there then is forgotten a little early.
    mutating func remove(_ digest: KeyDigest) { since.removeValue(forKey: digest) }

    mutating func removeAll() {
        since.removeAll()
        order.removeAll()
        next = 0
    }
}
