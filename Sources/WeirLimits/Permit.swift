import Synchronization
import WeirCoordination

/// Leave to serve one request, and what was taken for it. Settled once, when the request is over; if it is dropped before,
/// its parallel slots come back and what it reserved stays counted.
package final class Permit: Sendable {
    /// For requests that no limit applies to: one for all of them, so that nothing is allocated. It holds nothing.
    package static let free = Permit([], reserved: 0, at: 0)
    /// One bit for each kind of limit of each scope must have room in a word.
    static let maximumScopes = 10

    let scopes: [LimitScope]
    let takenAt: UInt64
    /// Tokens that were reserved.
    package let reserved: Int
    /// One bit for each limit that something was taken of, by scope and kind.
    private let taken = Atomic<UInt32>(0)

    init(_ scopes: [LimitScope], reserved: Int, at now: UInt64) {
        self.scopes = scopes
        self.reserved = reserved
        takenAt = now
    }

    deinit {
        for (index, scope) in scopes.enumerated() where holds(index, .parallel) {
            scope.giveBack(.parallel, tokens: 0, takenAt: takenAt, at: takenAt)
        }
    }

    /// Gives the parallel slots back and sets the tokens right. The second call does nothing.
    ///
    /// `tokens` is what prompt and answer had in all: what was reserved beyond it is free at once, what it has beyond the
    /// reservation counts from now on. Nil when nobody knows: then the reservation stays. A request that never reached an
    /// upstream is settled with 0.
    package func settle(tokens: Int?, at now: UInt64) {
        guard taken.load(ordering: .relaxed) != 0 else { return }
        let held = taken.exchange(0, ordering: .acquiringAndReleasing)
        for (index, scope) in scopes.enumerated() {
            if held & bit(index, .parallel) != 0 {
                scope.giveBack(.parallel, tokens: 0, takenAt: takenAt, at: now)
            }
            if let tokens, held & bit(index, .tokens) != 0 {
                scope.tokens?.settle(reserved: reserved, used: tokens, takenAt: takenAt, at: now)
            }
        }
    }

    /// How the limits stand that applied to the request.
    package func readings(at now: UInt64) -> LimitReadings {
        var readings = LimitReadings()
        for scope in scopes { readings.add(scope, at: now) }
        return readings
    }

    // MARK: While it is being filled

    func note(_ index: Int, _ kind: LimitScope.Kind) { taken.bitwiseOr(bit(index, kind), ordering: .relaxed) }

    func holds(_ index: Int, _ kind: LimitScope.Kind) -> Bool { taken.load(ordering: .relaxed) & bit(index, kind) != 0 }

    /// Nothing shall be left of it: a later limit has refused.
    func undo(at now: UInt64) {
        for (index, scope) in scopes.enumerated() {
            for kind in LimitScope.Kind.allCases where holds(index, kind) {
                scope.giveBack(kind, tokens: reserved, takenAt: takenAt, at: now)
            }
        }
        taken.store(0, ordering: .relaxed)
    }

    private func bit(_ index: Int, _ kind: LimitScope.Kind) -> UInt32 { 1 << UInt32(index * 3 + kind.rawValue) }
}
