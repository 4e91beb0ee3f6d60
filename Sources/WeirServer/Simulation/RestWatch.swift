import WeirCore
import WeirRouting

/// Notices when deployments go to rest and when they are back.
struct RestWatch {
    /// Until when each rests, as far as that was noticed; 0 when it serves.
    private var until: [UInt64]
    /// The place of its present cooldown in the report; -1 when it is not listed.
    private var listed: [Int]

    init(count: Int) {
        until = Array(repeating: 0, count: count)
        listed = Array(repeating: -1, count: count)
    }

    /// To be called after all that may change the state of a deployment.
    mutating func look(at candidate: Candidate, _ report: inout SimulationReport, _ now: UInt64) {
        let index = candidate.deployment.index
        let rest = candidate.state.restRemaining(at: now)
        if rest > 0 {
            guard until[index] != now + rest else { return }
            let isLonger = until[index] > now
            until[index] = now + rest
            if isLonger {
                // Attempts that were under way when it went to rest fail too, and make the rest longer.
                if listed[index] >= 0 { report.cooldowns[listed[index]].until = until[index] - OfflineRooms.beginning }
                return
            }
            listed[index] = -1
            report.cooldownCount += 1
            guard report.cooldowns.count < SimulationReport.longestCooldownList else { return }
            listed[index] = report.cooldowns.count
            let from = now - OfflineRooms.beginning
            report.cooldowns.append(.init(deployment: index, from: from, until: from + rest))
        } else if until[index] != 0, !candidate.state.isHalfOpen(at: now) {
            until[index] = 0
            if listed[index] >= 0 { report.cooldowns[listed[index]].backAt = now - OfflineRooms.beginning }
            listed[index] = -1
        }
    }
}
