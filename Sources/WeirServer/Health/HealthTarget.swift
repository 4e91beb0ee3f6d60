import WeirAccounting
import WeirConfig
import WeirCore
import WeirPipeline
import WeirProviders
import WeirRouting

/// A deployment whose health can be asked for, and how.
struct HealthTarget: Sendable {
    /// When a call for one token stands in for the questions that cost nothing.
    enum Inference: Sendable, Equatable {
        case never
        /// Where the backend knows none of the free questions (`health_checks.with_inference`).
        case ifNothingElse
        /// `model_info.health_check_with_inference`
        case always
    }

    let prepared: PreparedDeployment
    let state: DeploymentState
    let inference: Inference
    /// The model's kind, as LiteLLM writes it.
    let mode: String?
    /// What an inference asks of a wildcard.
    let model: String?
    /// The longest wait, where the configuration names one.
    let timeout: Timeout?
    /// Asked in the background.
    let isWatched: Bool
    /// Answers here: always up.
    var isLocal: Bool { prepared.local != nil }
    var id: String { prepared.deployment.id }

    /// All deployments, in the order of the configuration.
    static func all(_ snapshot: Snapshot, _ document: ConfigDocument) -> [HealthTarget] {
        let checks = document.healthChecks
        return zip(snapshot.deployments, document.models).compactMap { prepared, entry in
            guard let state = snapshot.planner.candidate(of: prepared.deployment)?.state else { return nil }
            let info = entry.info
            let inference: Inference =
                switch info.healthCheckWithInference {
                case true?: .always
                case false?: .never
                case nil: checks.withInference ? .ifNothingElse : .never
                }
            let facts = PriceTable.builtIn.facts(model: info.baseModel ?? entry.model, vendor: entry.vendor)
            let isOfGroup = checks.groups.isEmpty || checks.groups.contains(entry.name)
            return HealthTarget(
                prepared: prepared, state: state, inference: inference, mode: info.mode ?? facts?.mode?.rawValue,
                model: info.healthCheckModel, timeout: (info.healthCheckTimeout ?? checks.timeout).map { Timeout($0) },
                isWatched: checks.watches && isOfGroup && !info.skipsBackgroundHealthCheck)
        }
    }
}

extension HealthChecksSection {
    /// Somebody is looked at in the background.
    var watches: Bool { isEnabled && isInBackground }

    /// How long a finding counts, in nanoseconds.
    var lifetime: UInt64 {
        let lifetime = Timeout(staleness ?? interval * 2).nanoseconds
        return lifetime == 0 ? .max : lifetime
    }
}
