import Synchronization
package import WeirCoordination
package import WeirCore

/// Keeps what is known of each deployment, by its id: one for the whole process, so that loops and reloads share it.
package final class DeploymentBoard: Sendable {
    /// Where the deployments' own limits live.
    package let limiters: LimiterBoard
    private let deployments = Mutex<[String: DeploymentState]>([:])
    private let groups = Mutex<[String: GroupState]>([:])
    private let spending = Mutex<[String: ProviderBudget]>([:])

    package init(limiters: LimiterBoard) { self.limiters = limiters }

    /// The state of the deployment `id`, made at first use.
    package func state(of id: String) -> DeploymentState {
        deployments.withLock { deployments in
            if let state = deployments[id] { return state }
            let state = DeploymentState(id: id)
            deployments[id] = state
            return state
        }
    }

    /// All that are known, by id.
    package var states: [DeploymentState] {
        deployments.withLock { Array($0.values) }.sorted { $0.id < $1.id }
    }

    /// Forgets deployments that a reload removed; those with attempts under way stay until the next time.
    package func keepOnly(_ ids: Set<String>) {
        deployments.withLock { deployments in
            deployments = deployments.filter { ids.contains($0.key) || $0.value.inFlight > 0 }
        }
    }

    /// The budget of a vendor, made at first use; an existing one takes the new numbers and keeps what was spent. `period` in
    /// nanoseconds.
    package func budget(of vendor: String, limit: Money, period: UInt64, at now: UInt64) -> ProviderBudget {
        let budget = spending.withLock { budgets in
            if let budget = budgets[vendor] { return budget }
            let budget = ProviderBudget(vendor: vendor, limit: limit, period: period)
            budgets[vendor] = budget
            return budget
        }
        budget.adopt(limit: limit, period: period, at: now)
        return budget
    }

    /// By vendor.
    package var budgets: [ProviderBudget] {
        spending.withLock { Array($0.values) }.sorted { $0.vendor < $1.vendor }
    }

    func group(named name: String) -> GroupState {
        groups.withLock { groups in
            if let state = groups[name] { return state }
            let state = GroupState()
            groups[name] = state
            return state
        }
    }
}
