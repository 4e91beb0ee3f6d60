import WeirConfig
import WeirCore
import WeirPipeline
import WeirProviders
import WeirRouting

/// A model server whose load is asked for, and the deployments on it that want to know.
struct LoadServer: Sendable {
    struct Member: Sendable {
        let state: DeploymentState
        /// The model's name at the server.
        let model: String
    }

    /// The longest wait for an answer.
    static let patience = Timeout.seconds(2)

    let question: LoadQuestion
    /// From one question to the next in nanoseconds: the shortest that one of its groups wants.
    var interval: UInt64
    var members: [Member]

    /// The servers behind the groups that are chosen from by load, by `LoadQuestion.server`.
    static func all(_ snapshot: Snapshot, _ document: ConfigDocument) -> [String: LoadServer] {
        var servers: [String: LoadServer] = [:]
        for group in snapshot.planner.allGroups where group.strategy == .loadAware {
            let own = document.router.groupStrategies.first { $0.group == group.name }?.fields
            let interval = Timeout((own ?? document.router.choice).metricsInterval).nanoseconds
            for candidate in group.candidates {
                let prepared = snapshot.deployments[candidate.deployment.index]
                guard let question = prepared.loadQuestion(timeouts: timeouts) else { continue }
                let member = Member(state: candidate.state, model: candidate.deployment.upstreamModel)
                servers[
                    question.server, default: LoadServer(question: question, interval: interval, members: [])
                ].add(member, interval)
            }
        }
        return servers
    }

    private mutating func add(_ member: Member, _ interval: UInt64) {
        self.interval = min(self.interval, interval)
        members.append(member)
    }

    private static let timeouts = UpstreamTimeouts(
        connect: patience, firstByte: patience, idle: patience, total: patience)
}
