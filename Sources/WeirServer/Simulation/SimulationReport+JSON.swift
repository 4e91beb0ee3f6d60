import WeirCore
import WeirWire

extension SimulationReport {
    /// For machines. Times are seconds, amounts are dollars.
    package var json: String {
        var json = JSONWriter(capacity: 1 << 16)
        json.beginObject()
        json.member("seed", raw: "\(seed)")
        json.member("duration_s", raw: TimeText.seconds(duration))
        json.member("ended_s", raw: TimeText.seconds(ended))
        json.member("requests", int: requests)
        for (key, ending) in Self.keys { json.member(key, int: count(ending)) }
        json.member("status_429", int: tooMany)
        Self.write("failures", failures, &json)
        json.member("attempts", int: attempts)
        json.member("retries", int: retries)
        json.member("fallbacks", int: fallbacks)
        json.member("waits", int: waits)
        Self.write("latency_s", latency, &json)
        Self.write("first_token_s", firstToken, &json)
        json.member("cost", raw: cost.description)
        json.key("deployments")
        json.beginArray()
        for deployment in deployments { Self.write(deployment, &json) }
        json.endArray()
        json.key("models")
        json.beginArray()
        for model in models { write(model, &json) }
        json.endArray()
        json.member("cooldown_count", int: cooldownCount)
        json.key("cooldowns")
        json.beginArray()
        for cooldown in cooldowns { write(cooldown, &json) }
        json.endArray()
        writeTimeline(&json)
        json.endObject()
        return json.text
    }

    private static let keys: [(StaticString, Ending)] = [
        ("served", .served), ("limited", .limited), ("unavailable", .unavailable),
        ("context_too_large", .contextTooLarge), ("tags_forbidden", .tagsForbidden), ("model_unknown", .modelUnknown),
        ("failed", .failed),
    ]

    private static func write(_ key: StaticString, _ failures: [FailureClass: Int], _ json: inout JSONWriter) {
        json.key(key)
        json.beginObject()
        for kind in FailureClass.allCases {
            guard let number = failures[kind] else { continue }
            json.key(kind.rawValue)
            json.int(number)
        }
        json.endObject()
    }

    private static func write(_ key: StaticString, _ tally: LatencyTally, _ json: inout JSONWriter) {
        json.key(key)
        json.beginObject()
        json.member("count", int: tally.count)
        json.member("p50", raw: TimeText.seconds(tally.percentile(0.5), decimals: 6))
        json.member("p95", raw: TimeText.seconds(tally.percentile(0.95), decimals: 6))
        json.member("p99", raw: TimeText.seconds(tally.percentile(0.99), decimals: 6))
        json.member("max", raw: TimeText.seconds(tally.longest, decimals: 6))
        json.endObject()
    }

    private static func write(_ deployment: Deployment, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("name", deployment.label)
        json.member("model_id", deployment.id)
        json.member("upstream", deployment.model)
        json.member("served", int: deployment.served)
        json.member("attempts", int: deployment.attempts)
        json.member("refused_by_own_limits", int: deployment.refused)
        write("failures", deployment.failures, &json)
        write("latency_s", deployment.latency, &json)
        json.member("tokens_in", int: deployment.tokensIn)
        json.member("tokens_out", int: deployment.tokensOut)
        json.member("cost", raw: deployment.cost?.description ?? "null")
        json.endObject()
    }

    private func write(_ model: Model, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("model", model.name)
        json.member("requests", int: model.requests)
        json.member("served", int: model.served)
        Self.write("latency_s", model.latency, &json)
        json.key("served_by")
        json.beginObject()
        for (index, number) in model.servedBy.enumerated() where number > 0 {
            json.key(deployments[index].label)
            json.int(number)
        }
        json.endObject()
        json.endObject()
    }

    private func write(_ cooldown: Cooldown, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("deployment", deployments[cooldown.deployment].label)
        json.member("from_s", raw: TimeText.seconds(cooldown.from))
        json.member("until_s", raw: TimeText.seconds(cooldown.until))
        json.member("back_s", raw: cooldown.backAt.map { TimeText.seconds($0) } ?? "null")
        json.endObject()
    }

    /// Served requests by step and deployment, in the order of `deployments`.
    private func writeTimeline(_ json: inout JSONWriter) {
        json.key("timeline")
        json.beginObject()
        json.member("step_s", raw: TimeText.seconds(timeline.step))
        json.key("served")
        json.beginArray()
        for step in 0..<timeline.count {
            json.beginArray()
            for deployment in 0..<timeline.deployments { json.int(timeline.served(step, deployment)) }
            json.endArray()
        }
        json.endArray()
        json.key("not_served")
        json.beginArray()
        for step in 0..<timeline.count { json.int(timeline.unserved(step)) }
        json.endArray()
        json.endObject()
    }
}
