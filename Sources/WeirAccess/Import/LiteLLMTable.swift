package import WeirCore

/// The tables of LiteLLM's database that are taken over, in the order in which they are: what is named by others comes
/// first. Names of tables and columns are those of its Prisma schema, versions 1.83 to 1.109.
package enum LiteLLMTable: String, Sendable, CaseIterable {
    case budgets = "LiteLLM_BudgetTable"
    case organizations = "LiteLLM_OrganizationTable"
    case users = "LiteLLM_UserTable"
    case teams = "LiteLLM_TeamTable"
    case teamMemberships = "LiteLLM_TeamMembership"
    case organizationMemberships = "LiteLLM_OrganizationMembership"
    case keys = "LiteLLM_VerificationToken"
    case retiredKeys = "LiteLLM_DeprecatedVerificationToken"
    case customers = "LiteLLM_EndUserTable"
    case tags = "LiteLLM_TagTable"
    case credentials = "LiteLLM_CredentialsTable"
    case models = "LiteLLM_ProxyModelTable"
    case accessGroups = "LiteLLM_AccessGroupTable"

    /// What its rows become; nil for those that become memberships.
    package var kind: EntityKind? {
        switch self {
        case .budgets: .budgets
        case .organizations: .organizations
        case .users: .users
        case .teams: .teams
        case .teamMemberships, .organizationMemberships: nil
        case .keys: .keys
        case .retiredKeys: .retiredKeys
        case .customers: .customers
        case .tags: .tags
        case .credentials: .credentials
        case .models: .models
        case .accessGroups: .accessGroups
        }
    }

    /// By which it is read in batches: texts, all of them.
    package var primaryKey: [String] {
        switch self {
        case .budgets: ["budget_id"]
        case .organizations: ["organization_id"]
        case .users, .customers: ["user_id"]
        case .teams: ["team_id"]
        case .teamMemberships: ["user_id", "team_id"]
        case .organizationMemberships: ["user_id", "organization_id"]
        case .keys: ["token"]
        case .retiredKeys: ["id"]
        case .tags: ["tag_name"]
        case .credentials: ["credential_id"]
        case .models: ["model_id"]
        case .accessGroups: ["access_group_id"]
        }
    }

    /// All columns that are of interest; a source gives those that it has.
    package var columns: [String] {
        let others = ["spend", "created_at", "updated_at", "created_by"] + besides
        var seen: Set<String> = []
        return (primaryKey + LiteLLMMembers.of(self).map(\.name) + others).filter { seen.insert($0).inserted }
    }

    /// Read, and not carried under the same name.
    private var besides: [String] {
        switch self {
        case .teams: ["members_with_roles", "admins", "members", "object_permission_id", "model_id"]
        case .keys, .organizations, .users, .customers: ["object_permission_id"]
        case .retiredKeys: ["token", "active_token_id"]
        case .credentials: ["credential_name"]
        case .organizationMemberships: ["user_role"]
        default: []
        }
    }
}

/// A LiteLLM database, as far as it is read.
package protocol LiteLLMSource: Sendable {
    /// Whether it has this table.
    func has(_ table: LiteLLMTable) async throws -> Bool

    /// At most `limit` rows behind the one with this primary key, in the key's order; from the start for nil.
    ///
    /// Each is an object of the columns that the table has: moments as ISO 8601 text in UTC, lists as arrays, numbers in
    /// the shortest text that gives them back. `object_permission` and `model_aliases` are there in place of the ids
    /// that stand for them.
    func rows(of table: LiteLLMTable, after key: [String]?, limit: Int) async throws -> [JSONObject]
}
