import WeirCore

/// What a request makes of a record's document.
enum RequestDraft {
    /// `existing` with what `body` sets: the members of `kept` at the top, those of `within` in the metadata, where
    /// LiteLLM keeps them. A null takes a setting away. Metadata that are given take the place of the old ones, but a
    /// setting of `within` stays until it is named.
    static func document(
        _ body: JSONObject, over existing: JSONObject = JSONObject(), kept: [String], within: [String] = []
    ) -> JSONObject {
        var document = existing
        for name in kept {
            if let value = body[name] { document[name] = value.isNull ? JSONValue?.none : value }
        }
        let old = existing.object("metadata") ?? JSONObject()
        var metadata = old
        if let given = body["metadata"] {
            metadata = given.object ?? JSONObject()
            for name in within where metadata[name] == nil { metadata[name] = old[name] }
        }
        for name in within {
            if let value = body[name] { metadata[name] = value.isNull ? JSONValue?.none : value }
        }
        if body["metadata"] != nil || metadata != old { document["metadata"] = .object(metadata) }
        return document
    }

    /// `document` with the moment at which its budget starts anew, when `body` sets how long it lasts and no such moment.
    static func timed(_ document: JSONObject, _ body: JSONObject, of kind: EntityKind, _ desk: Desk) -> JSONObject {
        guard body["budget_duration"] != nil, body.value("budget_reset_at") == nil else { return document }
        var document = document
        BudgetPeriod.begin(&document, at: desk.now, of: kind, desk.policy.compat)
        return document
    }

    /// Refuses a soft budget that is not below the hard one: it would warn too late.
    static func checkBudgets(_ document: JSONObject) throws(OfficeFault) {
        guard let soft = document.money("soft_budget"), let hard = document.money("max_budget"), soft >= hard else {
            return
        }
        throw .bad("soft_budget (\(soft)) must be strictly lower than max_budget (\(hard)).", "soft_budget")
    }
}
