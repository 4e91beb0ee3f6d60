import Synchronization
import WeirCore
import WeirPipeline
import WeirProviders
import WeirRouting

/// Counts how often each deployment was sent to rest, by looking whether the end of its rest has moved. Rests that begin and
/// end between two looks are missed, and rests that began in the same instant count once.
final class RestCounter: Sendable {
    private struct State {
        var states: [DeploymentState] = []
        var ends: [String: UInt64] = [:]
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func adopt(_ snapshot: Snapshot) {
        let states = snapshot.deployments.compactMap { snapshot.planner.candidate(of: $0.deployment)?.state }
        let unique = Dictionary(states.map { ($0.id, $0) }) { first, _ in first }
        state.withLock { state in
            state.states = Array(unique.values)
            state.ends = state.ends.filter { unique[$0.key] != nil }
            state.counts = state.counts.filter { unique[$0.key] != nil }
        }
    }

    func look(at now: UInt64) {
        state.withLock { state in
            for deployment in state.states {
                let remaining = deployment.ownRestRemaining(at: now)
                guard remaining > 0 else { continue }
                let end = now &+ remaining
                if state.ends[deployment.id] == end { continue }
                state.ends[deployment.id] = end
                state.counts[deployment.id, default: 0] += 1
            }
        }
    }

    /// By the deployment's id; those that never rested are left out.
    var counts: [String: Int] { state.withLock { $0.counts } }
}
