import WeirCore

/// The label values of one series: all that tells its requests from others. Values are escaped for the text format.
///
/// What is not known is `None`, as Python writes it: LiteLLM's dashboards filter on that word.
struct SeriesLabels: Sendable, Hashable {
    /// How the requests of a series ended, as far as success rates are concerned.
    enum Outcome: Sendable { case success, failure, clientLeft }

    static let absent = "None"
    static let unknown = "unknown"
    static let other = "other"

    var keyHash = absent
    var keyAlias = absent
    var user = absent
    var team = absent
    var teamAlias = absent
    var userEmail = absent
    var requestedModel = absent
    var group = absent
    var upstreamModel = absent
    var deploymentID = absent
    var vendor = absent
    var apiBase = absent
    var route = absent
    var status = absent
    var fault = ""
    var ending = ""
    var exceptionClass = absent
    var outcome = Outcome.success
    var hasDeployment = false
    /// The failure is the deployment's.
    var blamesDeployment = false
    /// It went on to another model group, or to the next order of its own.
    var fellBack = false
    /// Stands for all series beyond the limit.
    var isOverflow = false

    /// - Parameter requestedModel: what may be shown of the model that the client named.
    init(_ event: RequestEvent, requestedModel: String, route: String) {
        self.requestedModel = Self.escaped(requestedModel)
        self.route = Self.escaped(route)
        if let principal = event.principal {
            keyHash = Self.escaped(principal.keyHash)
            keyAlias = Self.escaped(principal.alias)
            if principal.kind == .master { user = "default_user_id" }
            if let grant = principal.grant {
                user = Self.escaped(grant.userID ?? "")
                team = Self.escaped(grant.teamID ?? "")
                teamAlias = Self.escaped(grant.teamAlias ?? "")
                userEmail = Self.escaped(grant.userEmail ?? "")
            }
        }
        if let deployment = event.deployment {
            hasDeployment = true
            group = Self.escaped(deployment.group)
            upstreamModel = Self.escaped(deployment.upstreamModel)
            deploymentID = Self.escaped(deployment.id)
            vendor = Self.escaped(deployment.vendor)
            apiBase = Self.escaped(deployment.apiBase)
        }
        outcome = event.outcome
        fellBack = event.fallbacks > 0
        let status = event.shownStatus
        self.status = (100...999).contains(status) ? String(status) : Self.absent
        fault = event.fault?.rawValue ?? ""
        ending = event.ending.label
        blamesDeployment = hasDeployment && outcome == .failure && event.fault.map { $0.source == .upstream } ?? true
        if outcome == .failure {
            exceptionClass = Self.escaped(
                ExceptionClass.name(of: event.fault, status: status, vendor: event.deployment?.vendor))
        }
    }

    /// The same with only what can take few values: ending, fault and outcome.
    var overflow: SeriesLabels {
        var labels = self
        labels.keyHash = Self.other
        labels.keyAlias = Self.other
        labels.user = Self.other
        labels.team = Self.other
        labels.teamAlias = Self.other
        labels.userEmail = Self.other
        labels.requestedModel = Self.other
        labels.route = Self.other
        labels.status = Self.other
        labels.isOverflow = true
        if hasDeployment {
            labels.group = Self.other
            labels.upstreamModel = Self.other
            labels.deploymentID = Self.other
            labels.vendor = Self.other
            labels.apiBase = Self.other
        }
        if outcome == .failure { labels.exceptionClass = Self.other }
        return labels
    }

    /// A label value as the text format wants it: backslash, quote and line feed are escaped, an empty one is `None`.
    static func escaped(_ text: String) -> String {
        guard !text.isEmpty else { return absent }
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension RequestEvent {
    var outcome: SeriesLabels.Outcome {
        if ending == .clientLeft || fault == .clientLeft { return .clientLeft }
        return fault != nil || status >= 400 || ending == .upstreamBroke ? .failure : .success
    }

    /// The status for labels: a client who left before any was sent counts as 499, as nginx and LiteLLM have it.
    var shownStatus: Int { status == 0 && outcome == .clientLeft ? 499 : status }
}

extension Ending {
    /// The word for labels and logs.
    var label: String {
        switch self {
        case .complete: "complete"
        case .clientLeft: "client_left"
        case .upstreamBroke: "upstream_broke"
        }
    }
}
