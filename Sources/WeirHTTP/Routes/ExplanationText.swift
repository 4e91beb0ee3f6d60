import NIOCore
package import WeirCore
package import WeirRouting
import WeirWire

/// An account of a routing decision as JSON.
package enum ExplanationText {
    package static func write(_ explanation: Explanation) -> Bytes { writer(explanation).buffer }

    package static func text(_ explanation: Explanation) -> String { writer(explanation).text }

    private static func writer(_ explanation: Explanation) -> JSONWriter {
        var json = JSONWriter(capacity: 2048)
        json.beginObject()
        json.member("model", explanation.model)
        json.member("model_group", explanation.group)
        json.member("strategy", explanation.strategy)
        json.key("deployments")
        json.beginArray()
        for place in explanation.deployments { write(place, &json) }
        json.endArray()
        json.key("on_failure")
        json.beginObject()
        for consequence in explanation.onFailure { write(consequence, &json) }
        json.endObject()
        if explanation.refusal.isEmpty {
            json.key("refusal")
            json.null()
        } else {
            json.member("refusal", explanation.refusal)
        }
        json.endObject()
        return json
    }

    private static func write(_ place: Explanation.Place, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("model_id", place.deployment)
        json.member("vendor", place.vendor)
        json.member("model", place.model)
        json.member("tier", int: place.tier)
        json.member("qualifies", bool: place.qualifies)
        json.member("reason", place.reason)
        json.member("score", raw: place.score.isFinite ? "\(place.score)" : "null")
        json.member("in_flight", int: place.inFlight)
        json.member("cooldown_ms", int: place.restMilliseconds)
        json.member("failed_last_minute", int: place.failedLastMinute)
        json.member("succeeded_last_minute", int: place.succeededLastMinute)
        json.endObject()
    }

    private static func write(_ consequence: Explanation.Consequence, _ json: inout JSONWriter) {
        json.key(consequence.failure)
        json.beginObject()
        json.member("retries", int: consequence.retries)
        json.member("retries_same_deployment", bool: consequence.retriesHere)
        json.member("cools_down_at_once", bool: consequence.restsAtOnce)
        json.key("fallbacks")
        json.beginArray()
        for name in consequence.fallbacks { json.string(name) }
        json.endArray()
        json.endObject()
    }
}
