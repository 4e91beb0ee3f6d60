import WeirCore

/// What a request about a key must keep to, whoever makes it.
enum KeyRules {
    /// A hundred years: no key lives longer.
    private static let greatestLife: Int64 = 100 * 366 * 86_400 * 1_000_000
    /// A year: nobody needs an old key longer.
    private static let greatestGrace: Int64 = 366 * 86_400 * 1_000_000
    private static let keyLength = 16...256

    // MARK: Fields

    /// What the form alone does not see. Throws a 422 with every problem.
    static func check(_ body: JSONObject, at now: Int64) throws(OfficeFault) {
        try BudgetFields.check(body, at: now)
        let problems = alias(body) + life(body, now) + names(body) + texts(body) + rotation(body)
        guard problems.isEmpty else { throw .form(problems) }
    }

    private static func alias(_ body: JSONObject) -> [OfficeFault.Problem] {
        guard let alias = body.string("key_alias") else { return [] }
        let isPlain = alias.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        return alias.utf8.count <= 255 && isPlain
            ? []
            : [.init("key_alias", "value_error", "at most 255 bytes without control characters")]
    }

    private static func life(_ body: JSONObject, _ now: Int64) -> [OfficeFault.Problem] {
        guard let text = body.string("duration"), text != "-1" else { return [] }
        guard let duration = DurationText(text) else {
            return [
                .init("duration", "value_error", "Input should be a duration such as 30s, 15m, 12h, 30d, 2w or 1mo")
            ]
        }
        return duration.end(from: now) - now <= greatestLife
            ? [] : [.init("duration", "value_error", "Input should be at most a hundred years; leave it out for ever")]
    }

    private static func names(_ body: JSONObject) -> [OfficeFault.Problem] {
        ["models", "allowed_routes", "tags", "guardrails", "enforced_params"].compactMap { field in
            body.strings(field).contains("")
                ? .init(field, "value_error", "an empty text names nothing; leave it out") : nil
        }
    }

    private static func texts(_ body: JSONObject) -> [OfficeFault.Problem] {
        var problems: [OfficeFault.Problem] = []
        if let aliases = body.object("aliases"), aliases.members.contains(where: { $0.value.string == nil }) {
            problems.append(.init("aliases", "value_error", "each name should stand for the name of one model"))
        }
        if let fallbacks = body.object("budget_fallbacks"),
            fallbacks.members.contains(where: { $0.value.strings == nil })
        {
            problems.append(.init("budget_fallbacks", "value_error", "each model needs a list of models"))
        }
        return problems
    }

    private static func rotation(_ body: JSONObject) -> [OfficeFault.Problem] {
        guard let text = body.string("rotation_interval"), let interval = DurationText(text),
            interval.end(from: 0) > BudgetFields.greatestPeriod
        else { return [] }
        return [.init("rotation_interval", "value_error", "Input should be at most ten years")]
    }

    /// How long an old key goes on working, in microseconds; nil when it stops at once.
    static func grace(_ text: String?) throws(OfficeFault) -> Int64? {
        guard let text, !["", "0", "0s"].contains(text) else { return nil }
        guard let duration = DurationText(text), duration.end(from: 0) <= greatestGrace else {
            throw .form([
                .init(
                    "grace_period", "value_error",
                    "Input should be a duration of at most a year such as 30m, 24h or 7d")
            ])
        }
        return duration.end(from: 0)
    }

    /// A key that the caller chose.
    static func chosen(_ text: String, _ policy: OfficePolicy, field: String) throws(OfficeFault) -> Secret {
        guard !policy.refusesCustomKeys else {
            throw .forbidden(
                "Custom API key values are disabled by your administrator. Leave \(field) out, and one is made.")
        }
        guard text.hasPrefix("sk-") else {
            throw .bad("Invalid key format. A key must start with 'sk-'.", field)
        }
        guard keyLength.contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .bad(
                "Invalid key format. A key must have \(keyLength.lowerBound) to \(keyLength.upperBound) characters of "
                    + "ASCII, 'sk-' included, without blanks.", field)
        }
        let key = Secret(text)
        guard KeyDigest(of: key).hex != policy.masterKeyHash else {
            throw .bad("The master key cannot be a virtual key as well. Choose another \(field).", field)
        }
        return key
    }

    // MARK: The whole

    /// What must hold of a key as it is going to be. What `old` had already is not asked again: a team may have become
    /// smaller since.
    static func check(
        _ document: JSONObject, old: JSONObject?, of team: Entity?, groups: (String) -> Set<String>
    ) throws(OfficeFault) {
        if document.bool("auto_rotate") == true, document.string("rotation_interval") == nil {
            throw .bad(
                "rotation_interval is required when auto_rotate is true: 30d for every 30 days.", "rotation_interval")
        }
        guard let team else { return }
        let isNewThere = old == nil || old?.string("team_id") != team.id
        if let budget = document.money("max_budget"), let most = team.document.money("max_budget"), budget > most,
            isNewThere || old?.money("max_budget") != budget
        {
            throw .bad(
                "Key's max_budget=\(budget) is greater than the team's max_budget=\(most). Team=\(team.id).",
                "max_budget")
        }
        if isNewThere || old?["models"] != document["models"] {
            try checkModels(document.strings("models"), of: team, groups)
        }
    }

    private static let always: Set<String> = ["all-team-models", "no-default-models"]

    private static func checkModels(
        _ models: [String], of team: Entity, _ groups: (String) -> Set<String>
    ) throws(OfficeFault) {
        let names = team.document.strings("models")
        guard !names.isEmpty, !names.contains("all-proxy-models") else { return }
        let rights = ModelRights(holder: .team, names: names)
        let beyond = models.filter { !always.contains($0) && !rights.allow($0, groups: groups($0)) }
        guard beyond.isEmpty else {
            throw .bad(
                "The team \(team.id) may not call \(beyond.joined(separator: ", ")), so its keys may not either. "
                    + "The team's models: \(names.joined(separator: ", ")).", "models")
        }
    }

    /// A key that moves to another team must not have higher limits than it.
    static func checkMove(of id: String, _ document: JSONObject, to team: Entity) throws(OfficeFault) {
        for name in ["tpm_limit", "rpm_limit"] {
            guard let limit = document.int(name), let most = team.document.int(name), limit > most else { continue }
            throw .bad("Key=\(id) has a \(name)=\(limit) which is greater than the team's \(name)=\(most).", name)
        }
    }
}
