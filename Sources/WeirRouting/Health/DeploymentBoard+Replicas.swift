import Synchronization
package import WeirCoordination

/// What replicas tell each other of their deployments, about once a second. Values of zero are left out.
///
/// Keys: `i:` attempts under way, `c:` milliseconds of rest that remain, `u:` tokens of the last minute, `f:` and `l:` mean
/// nanoseconds to the first token and per token, each followed by the deployment's id.
extension DeploymentBoard {
    /// What this replica knows of its own; what it heard from others is not told on.
    package func report(at now: UInt64) -> ReplicaReport {
        var report = ReplicaReport()
        for state in states {
            func tell(_ key: String, _ value: Int64) { if value > 0 { report.values[key + state.id] = value } }
            tell("i:", Int64(state.inFlight))
            let until = state.restsUntil.load(ordering: .relaxed)
            tell("c:", until > now ? Int64(clamping: (until - now) / 1_000_000) : 0)
            tell("u:", Int64(state.usedTokens.sum(at: now)))
            tell("f:", Int64(clamping: state.meanFirstToken.load(ordering: .relaxed)))
            tell("l:", Int64(clamping: state.meanTokenTime.load(ordering: .relaxed)))
        }
        return report
    }

    /// What the other replicas told last, this one's own report left out. What they do not mention any more is forgotten.
    package func hear(_ reports: [ReplicaReport], at now: UInt64) {
        for state in states {
            let id = state.id
            func all(_ key: String) -> [Int64] {
                reports.compactMap { $0.values[key + id] }.map { min(max($0, 0), 1 << 53) }
            }
            func mean(_ values: [Int64]) -> UInt64 {
                values.isEmpty ? 0 : UInt64(values.reduce(0, +) / Int64(values.count))
            }
            let rest = UInt64(min(all("c:").max() ?? 0, 86_400_000)) * 1_000_000
            state.tellRemote(
                inFlight: Int(all("i:").reduce(0, +)), restsUntil: rest > 0 ? now &+ rest : 0,
                tokens: Int(all("u:").reduce(0, +)), firstToken: mean(all("f:")), tokenTime: mean(all("l:")))
        }
    }
}
