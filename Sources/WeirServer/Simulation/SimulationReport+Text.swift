import WeirCore

extension SimulationReport {
    /// Cooldowns beyond these are only counted.
    private static let shownCooldowns = 20

    /// For people: tables.
    package var text: String {
        var text = summary + "\n" + deploymentTable
        if models.count > 1 { text += "\n" + modelTable }
        if cooldownCount > 0 { text += "\n" + cooldownTable }
        return text
    }

    private var summary: String {
        var lines = [
            "\(requests) requests in \(TimeText.text(duration)), seed \(seed)",
            "  served       \(count(.served)) (\(Self.percent(count(.served), requests)))",
        ]
        func line(_ title: String, _ number: Int, _ words: String) {
            guard number > 0 else { return }
            let gap = String(repeating: " ", count: 13 - title.count)
            lines.append("  \(title)\(gap)\(number) (\(Self.percent(number, requests))) \(words)")
        }
        line("429 limit", count(.limited), "refused by limits of the gateway")
        line("429 nobody", count(.unavailable), "no deployment was free")
        line("400 context", count(.contextTooLarge), "prompt too long for every model")
        line("401 tags", count(.tagsForbidden), "tags let no deployment in")
        line("400 model", count(.modelUnknown), "nobody serves the model")
        line("failed", count(.failed), failures.isEmpty ? "" : "with " + Self.list(failures))
        lines.append("  attempts     \(attempts), of them \(retries) retries; \(fallbacks) fallbacks, \(waits) waits")
        lines.append("  latency      " + Self.percentiles(latency))
        if firstToken.count > 0 { lines.append("  first token  " + Self.percentiles(firstToken)) }
        lines.append("  cost         $\(Self.dollars(cost))")
        return lines.joined(separator: "\n") + "\n"
    }

    private var deploymentTable: String {
        var table = TextTable([
            "deployment", "upstream", "served", "share", "attempts", "failed", "full", "p50", "p95", "p99", "tokens in",
            "tokens out", "cost", "cooldowns",
        ])
        for (index, deployment) in deployments.enumerated() {
            table.add([
                deployment.label, deployment.model, "\(deployment.served)",
                Self.percent(deployment.served, count(.served)), "\(deployment.attempts)", "\(deployment.failed)",
                "\(deployment.refused)", Self.time(deployment.latency, 0.5), Self.time(deployment.latency, 0.95),
                Self.time(deployment.latency, 0.99),
                "\(deployment.tokensIn)", "\(deployment.tokensOut)",
                deployment.cost.map { "$" + Self.dollars($0) } ?? "-",
                "\(cooldowns.filter { $0.deployment == index }.count)",
            ])
        }
        return table.text
    }

    private var modelTable: String {
        var table = TextTable(["model", "requests", "served", "p50", "p95", "p99", "by"])
        for model in models {
            let servers = model.servedBy.indices.filter { model.servedBy[$0] > 0 }
                .sorted { model.servedBy[$0] > model.servedBy[$1] }
            let names = servers.prefix(6).map {
                "\(deployments[$0].label) \(Self.percent(model.servedBy[$0], model.served))"
            }
            table.add([
                model.name, "\(model.requests)", "\(model.served)", Self.time(model.latency, 0.5),
                Self.time(model.latency, 0.95), Self.time(model.latency, 0.99),
                names.joined(separator: ", ") + (servers.count > 6 ? ", …" : ""),
            ])
        }
        return table.text
    }

    private var cooldownTable: String {
        var table = TextTable(["cooldown of", "at", "rests for", "back at"])
        for cooldown in cooldowns.prefix(Self.shownCooldowns) {
            table.add([
                deployments[cooldown.deployment].label, TimeText.seconds(cooldown.from, decimals: 1) + " s",
                TimeText.text(cooldown.until - cooldown.from),
                cooldown.backAt.map { TimeText.seconds($0, decimals: 1) + " s" } ?? "- (its trial failed)",
            ])
        }
        let rest = cooldownCount - min(cooldowns.count, Self.shownCooldowns)
        return table.text + (rest > 0 ? "  and \(rest) more; --json lists them\n" : "")
    }

    // MARK: Words

    static func percent(_ part: Int, _ whole: Int) -> String {
        whole > 0 ? TimeText.decimal(Double(part) * 100 / Double(whole), decimals: 1) + " %" : "-"
    }

    private static func list(_ failures: [FailureClass: Int]) -> String {
        FailureClass.allCases.compactMap { kind in failures[kind].map { "\(kind.rawValue) \($0)" } }
            .joined(separator: ", ")
    }

    private static func time(_ tally: LatencyTally, _ share: Double) -> String {
        tally.count > 0 ? TimeText.text(tally.percentile(share)) : "-"
    }

    private static func percentiles(_ tally: LatencyTally) -> String {
        guard tally.count > 0 else { return "-" }
        return [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].map { "\($0.0) \(TimeText.text(tally.percentile($0.1)))" }
            .joined(separator: ", ") + ", longest \(TimeText.text(tally.longest))"
    }

    /// Six digits after the point, cut off.
    private static func dollars(_ amount: Money) -> String {
        let text = amount.description
        guard let point = text.firstIndex(of: ".") else { return text }
        return String(text.prefix(text.distance(from: text.startIndex, to: point) + 7))
    }
}
