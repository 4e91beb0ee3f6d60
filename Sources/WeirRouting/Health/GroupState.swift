import Synchronization

/// What is known of a model group at run time: its retry budget, and the turn of those who want to rest.
final class GroupState: Sendable {
    let requests = MinuteCounter()
    let retries = MinuteCounter()
    /// Held while a deployment of the group goes to rest, so that two of them cannot both leave the other as the last.
    let resting = Mutex<Void>(())

    /// Takes one retry from the budget: at most `budgetPercent` of the last minute's requests and `budgetFloor` besides.
    func takeRetry(_ settings: RetrySettings, at now: UInt64) -> Bool {
        if settings.budgetFloor >= 0 {
            let allowed = settings.budgetFloor + requests.sum(at: now) * settings.budgetPercent / 100
            guard retries.sum(at: now) < allowed else { return false }
        }
        retries.add(1, at: now)
        return true
    }
}
