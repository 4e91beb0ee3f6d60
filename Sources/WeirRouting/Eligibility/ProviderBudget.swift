import Synchronization
package import WeirCore

/// What may be spent at one vendor within a period, and what has been. Shared by all loops and kept over reloads by
/// `DeploymentBoard`; attempts add to it when they end.
package final class ProviderBudget: Sendable {
    package let vendor: String
    /// 0 while there is money left, otherwise when the period ends: so that looking costs one load.
    private let exhaustedUntil = Atomic<UInt64>(0)
    private let account: Mutex<(limit: Money, ledger: BudgetLedger)>

    /// `period` in nanoseconds.
    package init(vendor: String, limit: Money, period: UInt64) {
        self.vendor = vendor
        account = Mutex((limit, BudgetLedger(period: period)))
        if limit <= .zero { exhaustedUntil.store(.max, ordering: .relaxed) }
    }

    package var limit: Money { account.withLock { $0.limit } }

    @inline(__always)
    package func isExhausted(at now: UInt64) -> Bool { now < exhaustedUntil.load(ordering: .relaxed) }

    /// Nanoseconds until there is money again; nil when there is some, and where the limit is 0.
    package func freesAfter(at now: UInt64) -> UInt64? {
        let until = exhaustedUntil.load(ordering: .relaxed)
        return until > now && until != .max ? until - now : nil
    }

    /// Adds a cost. The budget is exhausted when as much as the limit is spent, as with LiteLLM.
    package func spend(_ amount: Money, at now: UInt64) {
        change(at: now) { $0.spend(amount, at: now) }
    }

    /// What was spent in the present period, on all replicas.
    package func spent(at now: UInt64) -> Money { account.withLock { $0.ledger.spent(at: now) } }

    /// A reload: what was spent stays.
    func adopt(limit: Money, period: UInt64, at now: UInt64) {
        account.withLock { $0.limit = limit }
        change(at: now) { $0.adopt(period: period) }
    }

    func told(as replica: String, at now: UInt64) -> (age: UInt64, shares: [BudgetLedger.Share])? {
        account.withLock { $0.ledger.told(as: replica, at: now) }
    }

    func hear(age: UInt64, _ shares: [BudgetLedger.Share], as replica: String, at now: UInt64) {
        change(at: now) { $0.hear(age: age, shares, as: replica, at: now) }
    }

    private func change(at now: UInt64, _ change: (inout BudgetLedger) -> Void) {
        account.withLock { account in
            change(&account.ledger)
            let isUsedUp = account.ledger.spent(at: now) >= account.limit
            let end = account.limit <= .zero ? .max : isUsedUp ? account.ledger.end(at: now) ?? 0 : 0
            exhaustedUntil.store(end, ordering: .relaxed)
        }
    }
}
