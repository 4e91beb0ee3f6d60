import WeirCore

/// What the configuration says of keys that are made: `default_key_generate_params`, `upperbound_key_generate_params` and
/// `key_generation_settings`.
struct KeyTerms: Sendable {
    let policy: OfficePolicy

    // MARK: Defaults and bounds

    /// `body` with the defaults where it sets nothing.
    func completed(_ body: JSONObject) throws(OfficeFault) -> JSONObject {
        guard !policy.defaultKeyParams.isEmpty else { return body }
        let defaults: JSONObject
        do throws(OfficeFault) {
            defaults = try KeyForms.generate.read(policy.defaultKeyParams).values
        } catch {
            throw misconfigured("default_key_generate_params", error.message)
        }
        var completed = body
        for member in defaults.members where !member.value.isNull {
            switch completed[member.name] {
            case nil, .null, [], [:]: completed[member.name] = member.value
            default: break
            }
        }
        return completed
    }

    /// Refuses what is above a bound. With `fills`, a bound also stands where the request sets nothing, so that no key is
    /// without it.
    func bounded(_ body: JSONObject, fills: Bool) throws(OfficeFault) -> JSONObject {
        var bounded = body
        for bound in policy.upperboundKeyParams.members where !bound.value.isNull {
            guard let field = KeyForms.generate.fields.first(where: { $0.name == bound.name }),
                let most = try amount(bound.value, field)
            else { continue }
            guard let value = body.value(bound.name) else {
                // A null in a change takes a limit away, which is more than any bound.
                if fills || body[bound.name] != nil { bounded[bound.name] = most.value }
                continue
            }
            let isWithin: Bool
            if value == "-1" {
                isWithin = false
            } else {
                isWithin = (try? amount(value, field)).flatMap { $0.map { $0.size <= most.size } } ?? true
            }
            guard isWithin else {
                throw .bad(
                    "\(bound.name) is over max limit set in config - user_value=\(Self.text(value)); "
                        + "max_value=\(Self.text(most.value))", bound.name)
            }
        }
        return bounded
    }

    /// How much a value is, to compare; nil for a field that has no size.
    private func amount(
        _ value: JSONValue, _ field: FormField
    ) throws(OfficeFault) -> (value: JSONValue, size: Int128)? {
        switch field.kind {
        case .money, .count, .duration: break
        default: return nil
        }
        switch FieldCheck.check(value, field.kind) {
        case .problem(_, let message):
            throw misconfigured("upperbound_key_generate_params.\(field.name)", message)
        case .value(let checked):
            if let text = checked.string {
                return DurationText(text).map { (checked, Int128($0.end(from: 0))) }
            }
            return checked.money.map { (checked, $0.attodollars) }
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .number(let text), .string(let text): text
        default: "null"
        }
    }

    private func misconfigured(_ setting: String, _ message: String) -> OfficeFault {
        OfficeFault(
            500, "\(setting) in the gateway's configuration cannot be taken, so no key can be made: \(message)",
            type: "internal_server_error")
    }

    // MARK: Who may make keys, and what must be said

    /// A key of somebody's own. Admins are free.
    func checkPersonal(_ body: JSONObject, _ requester: Requester) throws(OfficeFault) {
        try requirePersonal(requester)
        guard !requester.isAdmin, let terms = policy.keyGeneration.object("personal_key_generation") else { return }
        try checkRequired(terms, body)
    }

    /// He may have keys of his own made as he likes: then he may also change them so.
    func requirePersonal(_ requester: Requester) throws(OfficeFault) {
        guard !requester.isAdmin, let terms = policy.keyGeneration.object("personal_key_generation"),
            let roles = terms.value("allowed_user_roles")?.strings, !roles.contains(requester.role.rawValue)
        else { return }
        throw .forbidden(
            "Personal key creation has been restricted by admin. Allowed roles=\(roles). "
                + "Your role=\(requester.role.rawValue)")
    }

    /// A key of a team. `role` is the requester's in it, `admin` or `user`.
    func checkTeam(_ body: JSONObject, _ requester: Requester, role: String) throws(OfficeFault) {
        try requireTeam(requester, role: role)
        guard !requester.isAdmin, let terms = policy.keyGeneration.object("team_key_generation") else { return }
        try checkRequired(terms, body)
    }

    func requireTeam(_ requester: Requester, role: String) throws(OfficeFault) {
        guard !requester.isAdmin, let terms = policy.keyGeneration.object("team_key_generation"),
            let roles = terms.value("allowed_team_member_roles")?.strings, !roles.contains(role)
        else { return }
        throw .forbidden("Team member role \(role) not in allowed_team_member_roles=\(roles)")
    }

    private func checkRequired(_ terms: JSONObject, _ body: JSONObject) throws(OfficeFault) {
        for param in terms.strings("required_params") {
            switch body.value(param) {
            case nil, "", [], [:]: throw .bad("Required param \(param) not in data", param)
            default: break
            }
        }
    }
}
