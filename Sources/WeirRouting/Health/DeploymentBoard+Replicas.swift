import Synchronization
package import WeirCoordination
import WeirCore

/// What replicas tell each other of their deployments, about once a second. Values of zero are left out.
///
/// Keys: `i:` attempts under way, `c:` milliseconds of rest that remain, `u:` tokens of the last minute, `f:` and `l:` mean
/// nanoseconds to the first token and per token, each followed by the deployment's id. `b:` milliseconds since the period of a
/// vendor's budget began, followed by the vendor; `d:` and `a:` whole dollars and the rest in attodollars that a replica
/// spent there, followed by the vendor, a colon and the replica. Where there are too many, those of the last letters are left
/// out, so budgets and rests come first.
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
        tellBudgets(&report, at: now)
        return report
    }

    private func tellBudgets(_ report: inout ReplicaReport, at now: UInt64) {
        guard let replica = limiters.shared?.replica else { return }
        for budget in budgets {
            guard let told = budget.told(as: replica, at: now) else { continue }
            report.values["b:" + budget.vendor] = Int64(clamping: told.age / 1_000_000)
            for share in told.shares {
                let (dollars, rest) = share.spent.attodollars.quotientAndRemainder(dividingBy: Money.scale)
                let name = budget.vendor + ":" + share.replica
                if dollars > 0 { report.values["d:" + name] = Int64(clamping: dollars) }
                if rest > 0 { report.values["a:" + name] = Int64(clamping: rest) }
            }
        }
    }

    private func hearBudgets(_ reports: [ReplicaReport], at now: UInt64) {
        guard let replica = limiters.shared?.replica else { return }
        for budget in budgets {
            for report in reports {
                guard let age = report.values["b:" + budget.vendor] else { continue }
                let shares = Self.shares(of: budget.vendor, in: report)
                budget.hear(age: UInt64(min(max(age, 0), 1 << 43)) * 1_000_000, shares, as: replica, at: now)
            }
        }
    }

    private static func shares(of vendor: String, in report: ReplicaReport) -> [BudgetLedger.Share] {
        var spent: [String: Money] = [:]
        for (prefix, unit) in [("d:", Money.scale), ("a:", 1)] {
            let start = prefix + vendor + ":"
            for (key, value) in report.values where value > 0 && key.hasPrefix(start) {
                spent[String(key.dropFirst(start.count)), default: .zero] += Money(attodollars: unit * Int128(value))
            }
        }
        return spent.map { BudgetLedger.Share(replica: $0.key, spent: $0.value) }
    }

    /// What the other replicas told last, this one's own report left out. What they do not mention any more is forgotten.
    package func hear(_ reports: [ReplicaReport], at now: UInt64) {
        hearBudgets(reports, at: now)
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
