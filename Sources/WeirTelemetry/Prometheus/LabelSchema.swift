/// Which labels a group of metrics carries, and which series count in it.
///
/// Names, and which metric has which, are LiteLLM's. `end_user` and `service_tier` are not known here and stay
/// `None`; `client_ip` and `user_agent` are empty, because clients could fill them without end.
struct LabelSchema: Sendable {
    let includes: @Sendable (SeriesLabels) -> Bool
    let text: @Sendable (SeriesLabels) -> String

    /// `le` does not count; the tallies of series that look alike in this schema become one.
    func rows(of snapshot: MetersSnapshot) -> [(labels: String, tally: Tally)] {
        var rows: [(labels: String, tally: Tally)] = []
        var places: [String: Int] = [:]
        for (series, tally) in zip(snapshot.series, snapshot.tallies) where includes(series.labels) {
            let text = text(series.labels)
            if let place = places[text] {
                rows[place].tally.add(tally)
            } else {
                places[text] = rows.count
                rows.append((text, tally))
            }
        }
        return rows.sorted { $0.labels < $1.labels }
    }

    private static func key(_ labels: SeriesLabels) -> String {
        "hashed_api_key=\"\(labels.keyHash)\",api_key_alias=\"\(labels.keyAlias)\""
    }

    private static func team(_ labels: SeriesLabels) -> String {
        "team=\"\(labels.team)\",team_alias=\"\(labels.teamAlias)\""
    }
    private static let client = "client_ip=\"\",user_agent=\"\""

    private static func provider(_ labels: SeriesLabels) -> String {
        "model_id=\"\(labels.deploymentID)\",api_provider=\"\(labels.vendor)\""
    }

    private static func served(_ labels: SeriesLabels) -> Bool { labels.hasDeployment && labels.outcome == .success }

    /// Every request, by what it asked for.
    static let proxyRequests = LabelSchema(includes: { _ in true }) { labels in
        """
        end_user="None",\(key(labels)),requested_model="\(labels.requestedModel)",\(team(labels)),user="\(labels.user)",\
        status_code="\(labels.status)",user_email="\(labels.userEmail)",route="\(labels.route)",\(client),\(provider(labels))
        """
    }

    static let proxyFailures = LabelSchema(includes: { $0.outcome == .failure }) { labels in
        """
        end_user="None",\(key(labels)),requested_model="\(labels.requestedModel)",\(team(labels)),user="\(labels.user)",\
        user_email="\(labels.userEmail)",exception_status="\(labels.status)",exception_class="\(labels.exceptionClass)",\
        route="\(labels.route)",\(client),\(provider(labels))
        """
    }

    /// Every request, by model group and status alone.
    static let requestLatency = LabelSchema(includes: { _ in true }) { labels in
        "model_group=\"\(labels.group)\",status_code=\"\(labels.status)\""
    }

    static func latency(byKey: Bool) -> LabelSchema {
        LabelSchema(includes: served) { labels in
            let labels = byKey ? labels : labels.withoutKey
            return """
                model_group="\(labels.group)",model="\(labels.upstreamModel)",\(key(labels)),\(team(labels)),\
                requested_model="\(labels.requestedModel)",end_user="None",user="\(labels.user)",\
                \(provider(labels)),service_tier="None"
                """
        }
    }

    static func overhead(byKey: Bool) -> LabelSchema {
        LabelSchema(includes: served) { labels in
            let labels = byKey ? labels : labels.withoutKey
            return """
                model_group="\(labels.group)",api_provider="\(labels.vendor)",api_base="\(labels.apiBase)",\
                litellm_model_name="\(labels.upstreamModel)",\(key(labels)),model_id="\(labels.deploymentID)"
                """
        }
    }

    /// Requests that a deployment served.
    static let requests = LabelSchema(includes: served, text: { callText($0, withClient: true) })

    /// What was used counts whichever way the request ended.
    static let spend = LabelSchema(includes: \.hasDeployment) { labels in
        callText(labels, withClient: true) + ",service_tier=\"None\""
    }

    static let tokens = LabelSchema(includes: \.hasDeployment, text: { callText($0, withClient: false) })

    private static func callText(_ labels: SeriesLabels, withClient: Bool) -> String {
        """
        end_user="None",\(key(labels)),model="\(labels.upstreamModel)",\(team(labels)),user="\(labels.user)",\
        user_email="\(labels.userEmail)",\(withClient ? client + "," : "")requested_model="\(labels.requestedModel)",\
        \(provider(labels))
        """
    }

    static let deploymentRequests = LabelSchema(includes: \.hasDeployment, text: deploymentText)
    static let deploymentSuccesses = LabelSchema(includes: served, text: deploymentText)
    static let deploymentFailures = LabelSchema(includes: \.blamesDeployment) { labels in
        """
        \(placeText(labels)),exception_status="\(labels.status)",exception_class="\(labels.exceptionClass)",\
        \(key(labels)),\(team(labels)),\(client)
        """
    }

    /// Requests that fell back and were served. What failed before is not kept.
    static let servedFallbacks = LabelSchema(includes: { $0.fellBack && served($0) }) { labels in
        fallbackText(labels, status: SeriesLabels.absent, exception: SeriesLabels.absent)
    }
    static let failedFallbacks = LabelSchema(includes: { $0.fellBack && $0.blamesDeployment }) { labels in
        fallbackText(labels, status: labels.status, exception: labels.exceptionClass)
    }

    private static func fallbackText(_ labels: SeriesLabels, status: String, exception: String) -> String {
        """
        requested_model="\(labels.requestedModel)",fallback_model="\(labels.group)",\(key(labels)),\(team(labels)),\
        exception_status="\(status)",exception_class="\(exception)",model_id="\(labels.deploymentID)"
        """
    }

    private static func deploymentText(_ labels: SeriesLabels) -> String {
        "\(placeText(labels)),\(key(labels)),\(team(labels)),\(client)"
    }

    private static func placeText(_ labels: SeriesLabels) -> String {
        """
        model_group="\(labels.group)",requested_model="\(labels.requestedModel)",\
        litellm_model_name="\(labels.upstreamModel)",model_id="\(labels.deploymentID)",\
        api_base="\(labels.apiBase)",api_provider="\(labels.vendor)"
        """
    }

    static let endings = LabelSchema(includes: { _ in true }) { labels in
        "ending=\"\(labels.ending)\",fault=\"\(labels.fault)\""
    }
}

extension SeriesLabels {
    fileprivate var withoutKey: SeriesLabels {
        var labels = self
        labels.keyHash = Self.absent
        labels.keyAlias = Self.absent
        labels.user = Self.absent
        return labels
    }
}
