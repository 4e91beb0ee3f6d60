import WeirCore

/// How a request becomes the document of a key.
enum KeyDocument {
    /// Says something about the request, and is not kept.
    private static let passing: Set<String> = [
        "key", "new_key", "duration", "spend", "send_invite_email", "grace_period", "new_master_key", "update_fields",
    ]

    /// What stands in metadata for good once it is set.
    private static let lasting = ["service_account_id"]

    /// The groups of routes that a key of each type may use.
    private static let routes = [
        "llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes",
    ]

    /// `old` with what `body` sets and takes away at `now` (µs).
    static func made(
        of body: JSONObject, onto old: JSONObject, at now: Int64, _ compat: Compat
    ) -> JSONObject {
        let (rest, metadata) = MetadataFields.fold(body, onto: old.object("metadata"), kept: lasting)
        var document = old
        for member in rest.members where !passing.contains(member.name) {
            document[member.name] = isUnset(member.value) ? JSONValue?.none : member.value
        }
        document["metadata"] = metadata.map(JSONValue.object)
        if let type = body.string("key_type"), let group = routes[type], document["allowed_routes"] == nil {
            document["allowed_routes"] = [.string(group)]
        }
        setMoments(&document, body, at: now, compat)
        return document
    }

    private static func setMoments(
        _ document: inout JSONObject, _ body: JSONObject, at now: Int64, _ compat: Compat
    ) {
        if let duration = body["duration"] {
            let end = duration.string.flatMap(DurationText.init)?.end(from: now)
            document["expires"] = end.map { .int($0) }
        }
        if body["budget_duration"] != nil { BudgetPeriod.begin(&document, at: now, of: .keys, compat) }
        if document.bool("auto_rotate") != true {
            document["key_rotation_at"] = nil
        } else if body["auto_rotate"] != nil || body["rotation_interval"] != nil {
            beginRotation(&document, at: now)
        }
    }

    /// Sets when the key is to be replaced by itself.
    static func beginRotation(_ document: inout JSONObject, at now: Int64) {
        guard document.bool("auto_rotate") == true, let text = document.string("rotation_interval") else { return }
        document["key_rotation_at"] = DurationText(text).map { .int($0.end(from: now)) }
    }

    /// Null, and what is as good as nothing: `""`, `[]`, `{}`.
    private static func isUnset(_ value: JSONValue) -> Bool {
        switch value {
        case .null, "": true
        case .array(let values): values.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// As much of a key as may be shown: `sk-...f9-A`.
    static func name(of key: Secret) -> String { "sk-...\(key.revealed().suffix(4))" }
}
