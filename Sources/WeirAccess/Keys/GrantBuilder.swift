import WeirCore

/// What the records of a key, its team, its user and its organisation add up to. Members have LiteLLM's names and meanings.
enum GrantBuilder {
    static func grant(of record: GrantRecord) -> GrantDraft {
        let key = record.key.document
        let metadata = [key, record.team?.document].map { $0?.object("metadata") ?? JSONObject() }
        var grant = GrantDraft()
        grant.role = record.user?.document.string("user_role").flatMap(Role.init(rawValue:)) ?? .unknown
        grant.userID = key.string("user_id")
        grant.userEmail = record.user?.document.string("user_email")
        grant.teamID = key.string("team_id")
        grant.teamAlias = record.team?.document.string("team_alias")
        grant.organizationID = record.organization?.id ?? key.string("organization_id")
        grant.expires = key.int("expires").map { nanoseconds(Int64($0)) }
        grant.retiresAt = record.revokedAt.map(nanoseconds)
        grant.keyName = key.string("key_name") ?? ""
        grant.blocked = blocking(record)
        grant.models = models(of: record)
        grant.routes = routes(of: key)
        let (own, team) = (aliases(key, "aliases"), aliases(record.team?.document, "model_aliases"))
        grant.aliases = team.merging(own) { _, own in own }
        grant.keyAliases = Set(own.keys)
        grant.limits = limits(of: record)
        grant.tags = distinct(metadata.flatMap { $0.strings("tags") })
        grant.maxBudget = key.money("max_budget") ?? budget(of: key, record)?.money("max_budget")
        grant.requiredParams = distinct(metadata.flatMap { $0.strings("enforced_params") })
        return grant
    }

    /// The records that a change of which changes the grant.
    static func references(of record: GrantRecord) -> GrantReferences {
        let key = record.key.document
        var references = GrantReferences()
        references.add(.keys, record.key.id)
        references.add(.users, key.string("user_id"))
        references.add(.teams, key.string("team_id"))
        let organizations = [
            key.string("organization_id"), record.team?.document.string("organization_id"), record.organization?.id,
        ]
        for organization in distinct(organizations.compactMap(\.self)) { references.add(.organizations, organization) }
        let holders = [
            key, record.team?.document, record.user?.document, record.organization?.document,
            record.membership?.document,
        ]
        let named = holders.compactMap { $0?.string("budget_id") }
        for budget in distinct(named + record.budgets.keys.sorted()) { references.add(.budgets, budget) }
        return references
    }

    // MARK: Parts

    private static func nanoseconds(_ microseconds: Int64) -> UInt64 {
        let (nanoseconds, overflow) = UInt64(clamping: microseconds).multipliedReportingOverflow(by: 1000)
        return overflow ? .max : nanoseconds
    }

    private static func blocking(_ record: GrantRecord) -> GatewayFault? {
        if record.key.document.bool("blocked") == true {
            return GatewayFault(
                .keyBlocked,
                "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.")
        }
        if let team = record.team, team.document.bool("blocked") == true {
            return GatewayFault(
                .teamBlocked,
                "Authentication Error, Team=\(team.id) is blocked. Update via `/team/unblock` if your admin.")
        }
        if let user = record.user, user.document.bool("blocked") == true {
            return GatewayFault(
                .userBlocked, "Authentication Error, User=\(user.id) is blocked. Ask an admin of the gateway.")
        }
        return nil
    }

    /// `allowed_routes`; where there are none, what `key_type` stands for.
    private static func routes(of key: JSONObject) -> RouteRights? {
        let given = list(key, "allowed_routes")
        if let given, !given.isEmpty { return RouteGroups.rights(given) }
        // A list that cannot be read must not open what it was to close.
        if given == nil { return RouteGroups.rights([]) }
        switch key.string("key_type") {
        case "llm_api": return RouteGroups.rights(["llm_api_routes"])
        case "management": return RouteGroups.rights(["management_routes"])
        case "read_only": return RouteGroups.rights(["info_routes"])
        default: return nil
        }
    }

    private static func aliases(_ document: JSONObject?, _ name: String) -> [String: String] {
        let members = document?.object(name)?.members ?? []
        return Dictionary(
            members.compactMap { member in member.value.string.map { (member.name, $0) } },
            uniquingKeysWith: { _, last in last })
    }

    /// Empty when it is not set; nil when it is something else than a list of strings.
    static func list(_ document: JSONObject, _ name: String) -> [String]? {
        guard let value = document.value(name) else { return [] }
        return value.strings
    }

    /// The row that the holder's `budget_id` names.
    static func budget(of holder: JSONObject, _ record: GrantRecord) -> JSONObject? {
        holder.string("budget_id").flatMap { record.budgets[$0]?.document }
    }

    /// Each once, in the order in which they come first.
    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
