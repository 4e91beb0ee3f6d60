import Synchronization
package import WeirCore

/// What may be spent at one vendor within a period, and what has been. Shared by all loops and kept over reloads by whoever
/// hands it in; the one who counts costs adds to it.
///
/// The period begins with the first amount and lasts `period`; the next amount after its end begins another.
package final class ProviderBudget: Sendable {
    package let vendor: String
    package let limit: Money
    /// Nanoseconds.
    package let period: UInt64
    /// 0 while there is money left, otherwise when the period ends: so that looking costs one load.
    private let exhaustedUntil = Atomic<UInt64>(0)
    private let account: Mutex<(spent: Money, since: UInt64)>

    package init(vendor: String, limit: Money, period: UInt64) {
        self.vendor = vendor
        self.limit = limit
        self.period = period
        account = Mutex((.zero, 0))
        if limit <= .zero { exhaustedUntil.store(.max, ordering: .relaxed) }
    }

    package func isExhausted(at now: UInt64) -> Bool { now < exhaustedUntil.load(ordering: .relaxed) }

    /// Adds a cost. The budget is exhausted when as much as the limit is spent, as with LiteLLM.
    package func spend(_ amount: Money, at now: UInt64) {
        account.withLock { account in
            if account.spent == .zero || now &- account.since >= period { account = (.zero, now) }
            account.spent += amount
            if account.spent >= limit, limit > .zero {
                exhaustedUntil.store(account.since + period, ordering: .relaxed)
            }
        }
    }

    /// What was spent in the present period.
    package func spent(at now: UInt64) -> Money {
        account.withLock { now &- $0.since < period ? $0.spent : .zero }
    }
}
