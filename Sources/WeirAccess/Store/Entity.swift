package import WeirCore

/// What is managed, each kind in a table of its own.
package enum EntityKind: String, Sendable, CaseIterable {
    /// Virtual keys, by the SHA-256 of the key in lowercase hex.
    case keys
    /// Keys that were replaced and work until a moment, by their old hash; the document tells `active` (the hash that
    /// took its place) and `revoke_at` (µs).
    case retiredKeys = "retired_keys"
    case users, teams, organizations
    /// End users: those whom the clients' applications serve.
    case customers
    case budgets, tags
    /// Deployments that were added through the API.
    case models
    /// Credentials of providers, by name.
    case credentials
    case accessGroups = "access_groups"
    /// Keys that secrets are sealed with, themselves wrapped by the master secret.
    case dataKeys = "data_keys"
}

/// A record of the store. What is carried is a document with LiteLLM's names; what is looked up, the store copies into
/// columns of its own (`LookupField`).
///
/// In a document, moments are whole microseconds since 1970 UTC, money is a decimal number of dollars, and what is not set
/// is absent, never null.
package struct Entity: Sendable, Hashable {
    package let kind: EntityKind
    package let id: String
    package var document: JSONObject
    /// What was spent, to the nanodollar.
    package var spend: Money
    /// Microseconds since 1970 UTC.
    package let createdAt: Int64
    package var updatedAt: Int64
    package let createdBy: String
    package var updatedBy: String
    /// Raised by one with each update; an update of an older version is refused.
    package var version: Int

    package init(
        kind: EntityKind, id: String, document: JSONObject, spend: Money = .zero, createdAt: Int64, updatedAt: Int64,
        createdBy: String, updatedBy: String, version: Int = 1
    ) {
        self.kind = kind
        self.id = id
        self.document = document
        self.spend = spend
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.createdBy = createdBy
        self.updatedBy = updatedBy
        self.version = version
    }
}

/// What entities are found by besides their id. Each is copied from the member of the document that it is named after.
package enum LookupField: String, Sendable, CaseIterable {
    case keyAlias = "key_alias"
    case userID = "user_id"
    case teamID = "team_id"
    case organizationID = "organization_id"
    case budgetID = "budget_id"
    case createdBy = "created_by"
    case userEmail = "user_email"
    case ssoUserID = "sso_user_id"
    case userRole = "user_role"
    case teamAlias = "team_alias"
    case organizationAlias = "organization_alias"
    case modelName = "model_name"
    case accessGroupName = "access_group_name"

    /// The fields that each kind has a column for. `createdBy` comes from the entity itself.
    package static func fields(of kind: EntityKind) -> [LookupField] {
        switch kind {
        case .keys: [.keyAlias, .userID, .teamID, .organizationID, .budgetID, .createdBy]
        case .retiredKeys, .budgets, .credentials, .dataKeys: []
        case .users: [.userEmail, .ssoUserID, .userRole, .organizationID]
        case .teams: [.teamAlias, .organizationID]
        case .organizations: [.organizationAlias, .budgetID]
        case .customers, .tags: [.budgetID]
        case .models: [.modelName, .teamID]
        case .accessGroups: [.accessGroupName]
        }
    }

    /// No two entities of a kind may have the same value of such a field (a key's alias: within its team).
    package static func unique(of kind: EntityKind) -> [LookupField] {
        switch kind {
        case .keys: [.keyAlias]
        case .users: [.userEmail, .ssoUserID]
        case .accessGroups: [.accessGroupName]
        default: []
        }
    }
}

/// Somebody's place in a team or an organisation.
package struct Membership: Sendable, Hashable {
    package enum Owner: String, Sendable, CaseIterable { case team, organization }

    package let owner: Owner
    package let ownerID: String
    package let userID: String
    /// `admin` or `user` in a team; a `Role` in an organisation.
    package var role: String
    /// `budget_id` and, for a team, `allowed_models`, `tpm_limit`, `rpm_limit`, with LiteLLM's names.
    package var document: JSONObject
    package var spend: Money

    package init(
        owner: Owner, ownerID: String, userID: String, role: String, document: JSONObject = JSONObject(),
        spend: Money = .zero
    ) {
        self.owner = owner
        self.ownerID = ownerID
        self.userID = userID
        self.role = role
        self.document = document
        self.spend = spend
    }
}

/// Everything that decides what a key may do.
package struct GrantRecord: Sendable {
    package var key: Entity
    package var team: Entity?
    package var user: Entity?
    package var organization: Entity?
    /// The user's place in the key's team.
    package var membership: Membership?
    /// The budgets that any of these name, by id.
    package var budgets: [String: Entity]
    /// The key was replaced and works until this moment (µs); nil for one that was not.
    package var revokedAt: Int64?

    package init(
        key: Entity, team: Entity? = nil, user: Entity? = nil, organization: Entity? = nil,
        membership: Membership? = nil, budgets: [String: Entity] = [:], revokedAt: Int64? = nil
    ) {
        self.key = key
        self.team = team
        self.user = user
        self.organization = organization
        self.membership = membership
        self.budgets = budgets
        self.revokedAt = revokedAt
    }
}
