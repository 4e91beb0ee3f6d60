import WeirCore

/// What was spent within one period, here and on other replicas. A pure value: times come in as monotonic nanoseconds.
///
/// The period begins with the first amount and lasts `period`; the next amount after its end begins another. Replicas tell
/// each other what each of them spent and how long ago their period began; the one that began first is everybody's. What a
/// replica told stays counted until the period ends, also when that replica is gone: each tells on what it has heard. As each
/// counter has one owner and only grows, the greatest value that was told of it is right whatever is lost or comes twice.
struct BudgetLedger: Sendable {
    /// What one replica spent.
    struct Share: Equatable {
        let replica: String
        let spent: Money
    }

    /// Replicas that are remembered at most; those that come later are left out.
    static let greatestShareCount = 64
    /// A period that ends within this time is not taken over from others: what was spent in the next one would go with it.
    private static let margin: UInt64 = 5_000_000_000

    /// Nanoseconds.
    private(set) var period: UInt64
    private var own = Money.zero
    private var others: [Share] = []
    private var since: UInt64 = 0
    private var isBegun = false

    init(period: UInt64) { self.period = max(period, 1) }

    mutating func spend(_ amount: Money, at now: UInt64) {
        guard amount > .zero else { return }
        advance(to: now)
        begin(at: now)
        own += amount
    }

    /// What was spent in the present period.
    func spent(at now: UInt64) -> Money {
        guard isBegun, now &- since < period else { return .zero }
        return others.reduce(own) { $0 + $1.spent }
    }

    /// When the present period ends; nil when none has begun.
    func end(at now: UInt64) -> UInt64? {
        guard isBegun, now &- since < period else { return nil }
        let (end, overflow) = since.addingReportingOverflow(period)
        return overflow ? .max : end
    }

    /// A new length; what was spent stays.
    mutating func adopt(period: UInt64) { self.period = max(period, 1) }

    // MARK: Replicas

    /// What is told: how long ago the period began, and what each replica spent, this one by the name `replica`.
    func told(as replica: String, at now: UInt64) -> (age: UInt64, shares: [Share])? {
        guard end(at: now) != nil else { return nil }
        let shares = own > .zero ? [Share(replica: replica, spent: own)] + others : others
        return (now &- since, shares)
    }

    /// Takes in what another replica told.
    mutating func hear(age: UInt64, _ shares: [Share], as replica: String, at now: UInt64) {
        advance(to: now)
        guard age < period, period - age > min(Self.margin, period / 10) else { return }
        let theirs = now > age ? now - age : 0
        since = isBegun ? min(since, theirs) : theirs
        isBegun = true
        for share in shares where share.replica != replica && share.spent > .zero {
            if let place = others.firstIndex(where: { $0.replica == share.replica }) {
                if others[place].spent < share.spent { others[place] = share }
            } else if others.count < Self.greatestShareCount {
                others.append(share)
            }
        }
    }

    // MARK: Inside

    private mutating func advance(to now: UInt64) {
        guard isBegun, now &- since >= period else { return }
        isBegun = false
        own = .zero
        others = []
    }

    private mutating func begin(at now: UInt64) {
        guard !isBegun else { return }
        isBegun = true
        since = now
    }
}
