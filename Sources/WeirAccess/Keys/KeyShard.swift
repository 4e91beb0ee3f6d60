import Synchronization
import WeirCore

/// One part of the key cache, under one lock that is never held over a wait. When it is full, a key that was not used since
/// the hand last passed it makes room.
final class KeyShard: Sendable {
    private let capacity: Int
    private let state: Mutex<State>

    private struct Entry {
        let digest: KeyDigest
        let principal: Principal
        /// It was found by another key than the one that it stands for: the old key of a replaced one.
        let isRetired: Bool
        var isUsed = false
    }

    private struct State {
        var places: [KeyDigest: Int] = [:]
        var entries: [Entry] = []
        /// What each entry was made of, apart from the entries, so that a sweep reads nothing else.
        var marks: [SIMD8<UInt64>] = []
        var hand = 0
        var retired = 0
        var unknown: UnknownKeys

        mutating func remove(at place: Int) {
            let entry = entries[place]
            entry.principal.revoke()
            if entry.isRetired { retired -= 1 }
            places.removeValue(forKey: entry.digest)
            let last = entries.count - 1
            if place < last {
                entries[place] = entries[last]
                marks[place] = marks[last]
                places[entries[place].digest] = place
            }
            entries.removeLast()
            marks.removeLast()
        }
    }

    init(capacity: Int, unknowns: Int, unknownLife: UInt64) {
        self.capacity = max(1, capacity)
        state = Mutex(State(unknown: UnknownKeys(capacity: unknowns, life: unknownLife)))
    }

    var count: Int { state.withLock { $0.entries.count } }
    var unknownCount: Int { state.withLock { $0.unknown.count } }

    func find(_ digest: KeyDigest, at wall: UInt64) -> KeyCache.Lookup {
        state.withLock { state in
            guard let place = state.places[digest] else {
                return state.unknown.contains(digest, at: wall) ? .unknown : .unseen
            }
            if !state.entries[place].isUsed { state.entries[place].isUsed = true }
            return .known(state.entries[place].principal)
        }
    }

    func keep(_ found: FoundPrincipal, for digest: KeyDigest, isRetired: Bool) {
        state.withLock { state in
            state.unknown.remove(digest)
            if let place = state.places[digest] { state.remove(at: place) }
            if state.entries.count >= capacity { Self.makeRoom(&state) }
            state.places[digest] = state.entries.count
            state.entries.append(Entry(digest: digest, principal: found.principal, isRetired: isRetired))
            state.marks.append(found.references.words)
            if isRetired { state.retired += 1 }
        }
    }

    func keepUnknown(_ digest: KeyDigest, at wall: UInt64) {
        state.withLock { $0.unknown.insert(digest, at: wall) }
    }

    func drop(_ digest: KeyDigest) {
        state.withLock { state in
            state.unknown.remove(digest)
            if let place = state.places[digest] { state.remove(at: place) }
        }
    }

    /// Drops those that the change concerns. `onlyRetired`: only a key that was replaced can be among them.
    func drop(_ change: ChangedRecord, onlyRetired: Bool) {
        state.withLock { state in
            guard !onlyRetired || state.retired > 0 else { return }
            // From the end, because what is last takes the place of what is dropped.
            for place in state.marks.indices.reversed() where change.concerns(state.marks[place]) {
                state.remove(at: place)
            }
        }
    }

    func dropAll() {
        state.withLock { state in
            for entry in state.entries { entry.principal.revoke() }
            state = State(unknown: state.unknown)
            state.unknown.removeAll()
        }
    }

    private static func makeRoom(_ state: inout State) {
        while true {
            if state.hand >= state.entries.count { state.hand = 0 }
            guard state.entries[state.hand].isUsed else { return state.remove(at: state.hand) }
            state.entries[state.hand].isUsed = false
            state.hand += 1
        }
    }
}
