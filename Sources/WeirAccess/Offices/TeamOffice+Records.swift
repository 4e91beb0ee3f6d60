import WeirCore

/// What a request makes of a team's document, and who may make what of it.
struct TeamRecords {
    static let kept = [
        "team_alias", "organization_id", "models", "model_aliases", "max_budget", "soft_budget", "budget_duration",
        "budget_limits", "model_max_budget", "tpm_limit", "rpm_limit", "tpd_limit", "max_parallel_requests",
        "blocked", "team_member_permissions", "default_team_member_models", "router_settings", "access_group_ids",
        "policies", "object_permission", "allow_team_guardrail_config",
    ]
    static let within = [
        "tags", "guardrails", "prompts", "model_rpm_limit", "model_tpm_limit", "mcp_rpm_limit", "tag_rpm_limit",
        "rpm_limit_type", "tpm_limit_type", "enforced_params", "disable_global_guardrails",
        "allowed_passthrough_routes", "denied_passthrough_routes", "require_trace_id", "secret_manager_settings",
        "default_estimated_output_tokens", "default_estimated_output_tokens_per_model",
        "allowed_vector_store_indexes", "logging", "team_member_key_duration", "team_member_budget_id",
    ]
    /// Routes that members who are no admins may be given.
    static let permissions = [
        "/key/generate", "/key/service-account/generate", "/key/update", "/key/delete", "/key/regenerate",
        "/key/{key_id}/regenerate", "/key/bulk_update", "/key/{key_id}/reset_spend", "/key/block", "/key/unblock",
        "/key/info", "/key/list", "/key/aliases", "/key/health", "/team/daily/activity",
    ]
    static let standardPermissions = ["/key/info", "/key/health"]

    let desk: Desk
    let session: any StoreSession
    let requester: Requester

    /// What `body` makes of the document `old` of team `id`, checked.
    func document(_ body: JSONObject, of id: String, over old: JSONObject) throws -> JSONObject {
        try BudgetFields.check(body, at: desk.now)
        if let permissions = body.value("team_member_permissions")?.strings {
            try Self.checkPermissions(permissions)
        }
        // The budget that all members have is a row of its own, which no request names.
        var body = body
        body["team_member_budget_id"] = nil
        if var metadata = body.object("metadata") {
            metadata["team_member_budget_id"] = nil
            body["metadata"] = .object(metadata)
        }
        var document = RequestDraft.timed(
            RequestDraft.document(body, over: old, kept: Self.kept, within: Self.within), body, of: .teams, desk)
        try RequestDraft.checkBudgets(document)
        if old["organization_id"] != document["organization_id"] {
            try checkMove(to: document.string("organization_id"))
        }
        try OrganizationLimits(desk: desk, session: session).check(document)
        try shareBudget(body, of: id, &document)
        return document
    }

    static func checkPermissions(
        _ permissions: [String], _ field: String = "team_member_permissions"
    ) throws(OfficeFault) {
        let unknown = permissions.filter { !Self.permissions.contains($0) }
        guard unknown.isEmpty else {
            throw .form([
                .init(
                    field, "enum",
                    "\(unknown.prefix(3).joined(separator: ", ")): Input should be among "
                        + Self.permissions.joined(separator: ", "))
            ])
        }
    }

    /// Only an admin of the gateway takes a team out of every organisation: its limits end there.
    private func checkMove(to organization: String?) throws {
        guard let organization else {
            guard requester.isAdmin else {
                throw OfficeFault.forbidden("Only an admin of the gateway may take a team out of its organization.")
            }
            return
        }
        if try session.entity(.organizations, organization) == nil {
            guard requester.oversees else {
                throw OfficeFault.forbidden("You are no admin of organization \(organization).")
            }
            throw OrganizationOffice.unknown(organization)
        }
        guard
            try requester.isAdmin
                || Standing(session: session, requester: requester).administers(organization: organization)
        else {
            throw OfficeFault.forbidden("You are no admin of organization \(organization).")
        }
    }

    /// `team_member_budget` and its like go into a budget that new members share.
    private func shareBudget(_ body: JSONObject, of id: String, _ document: inout JSONObject) throws {
        var limits = JSONObject()
        for (name, of) in [
            ("team_member_budget", "max_budget"), ("team_member_budget_duration", "budget_duration"),
            ("team_member_rpm_limit", "rpm_limit"), ("team_member_tpm_limit", "tpm_limit"),
            ("team_member_model_max_budget", "model_max_budget"),
        ] {
            if let value = body[name] { limits[of] = value }
        }
        if limits.isEmpty { return }
        var metadata = document.object("metadata") ?? JSONObject()
        let rows = BudgetRows(desk: desk, session: session, requester: requester)
        metadata["team_member_budget_id"] = try rows.change(
            metadata.string("team_member_budget_id"), heldBy: .entity(.teams, id), limits
        ).map { .string($0) }
        document["metadata"] = .object(metadata)
    }

    // MARK: Rights of a team's own admins

    /// What a team's own admins may set as they like.
    private static let free: Set<String> = [
        "team_id", "team_alias", "metadata", "tags", "team_member_permissions", "default_team_member_models",
        "team_member_budget", "team_member_budget_duration", "team_member_rpm_limit", "team_member_tpm_limit",
        "team_member_key_duration", "team_member_model_max_budget", "logging", "prompts", "soft_budget",
    ]
    /// What they may lower.
    private static let lowered: Set<String> = [
        "max_budget", "tpm_limit", "rpm_limit", "tpd_limit", "max_parallel_requests",
    ]

    /// Throws 403 for what a team's own admin may not set: more than the team has.
    func checkRights(_ body: JSONObject, on team: Entity) throws {
        if try Standing(session: session, requester: requester).mayGrant(to: team) { return }
        let guardrails = team.document.bool("allow_team_guardrail_config") == true
        for member in body.members where !Self.free.contains(member.name) {
            let isFine =
                switch member.name {
                case "models": Self.narrows(member.value, team.document.strings("models"))
                case "guardrails": guardrails
                case let name where Self.lowered.contains(name): Self.lowers(member.value, team.document[name])
                default: member.value == team.document[member.name]
                }
            guard isFine else {
                throw OfficeFault.forbidden(
                    "Admins of a team may not raise or change its \(member.name): ask an admin of the gateway.")
            }
        }
        let names = Set(Self.within).subtracting(guardrails ? ["guardrails"] : []).subtracting(Self.free)
        if let metadata = body.object("metadata") {
            let old = team.document.object("metadata") ?? JSONObject()
            let refused = metadata.members.filter { names.contains($0.name) && old[$0.name] != $0.value }
            guard refused.isEmpty else {
                throw OfficeFault.forbidden(
                    "Admins of a team may not set \(refused.map(\.name).joined(separator: ", ")) in its metadata.")
            }
        }
    }

    private static func narrows(_ value: JSONValue, _ models: [String]) -> Bool {
        guard let new = value.strings, !new.isEmpty || models.isEmpty else { return false }
        return models.isEmpty || Set(models).isSuperset(of: new)
    }

    private static func lowers(_ value: JSONValue, _ old: JSONValue?) -> Bool {
        guard let new = value.money else { return old == nil }
        guard let old = old?.money else { return true }
        return new <= old
    }
}

/// No team may have more than its organisation.
struct OrganizationLimits {
    let desk: Desk
    let session: any StoreSession

    /// Throws 400 for a team's document that asks for more than its organisation has.
    func check(_ team: JSONObject) throws {
        guard let id = team.string("organization_id"), let organization = try session.entity(.organizations, id)
        else { return }
        let own = organization.document.strings("models")
        let models = team.strings("models")
        if !own.isEmpty, !own.contains("all-proxy-models") {
            let rights = ModelRights(holder: .organization, names: own + ["no-default-models"])
            let extra = models.filter { !rights.allow($0, groups: []) }
            guard extra.isEmpty else {
                throw OfficeFault.bad(
                    "Team models \(extra.joined(separator: ", ")) are not among the organization's models: "
                        + own.joined(separator: ", "), "models")
            }
        }
        guard let budget = try organization.document.string("budget_id").flatMap({ try session.entity(.budgets, $0) })
        else { return }
        for name in ["max_budget", "tpm_limit", "rpm_limit"] {
            guard let wanted = team.money(name), let most = budget.document.money(name), wanted > most else { continue }
            throw OfficeFault.bad(
                "Team \(name) (\(wanted)) is greater than the \(name) of organization \(id) (\(most)).", name)
        }
    }
}
