package import WeirCore

/// Which entities of a kind are wanted, in which order, and which page of them.
package struct EntityQuery: Sendable, Hashable {
    package enum Condition: Sendable, Hashable {
        case equals(LookupField, String)
        case oneOf(LookupField, [String])
        case isNull(LookupField)
        case isSet(LookupField)
        case ids([String])
        /// The field holds this text somewhere, whatever the case: never by an index, so only for what people type.
        case contains(LookupField, String)
        case idContains(String)
        /// `key_hash`-like: the id is this.
        case id(String)
        /// Any of these holds.
        indirect case any([Condition])
    }

    package enum Order: Sendable, Hashable {
        case createdAt, updatedAt, id, spend
        /// Who has nothing there stands last, or first where the order descends.
        case field(SortField)
    }

    /// All of them must hold.
    package var conditions: [Condition]
    package var order = Order.createdAt
    package var descends = true
    /// From 1.
    package var page = 1
    /// 1 to 1000 (the office checks).
    package var size = 10

    package init(_ conditions: [Condition] = []) { self.conditions = conditions }
}

package struct EntityPage: Sendable {
    package var entities: [Entity]
    /// Of all pages.
    package var total: Int

    package init(entities: [Entity], total: Int) {
        self.entities = entities
        self.total = total
    }
}

/// One management change, as it is told to an auditor.
package struct AuditEntry: Sendable, Hashable {
    package var id: String
    /// Microseconds since 1970 UTC.
    package var at: Int64
    /// A user's id.
    package var changedBy: String
    /// The hash of the key he used.
    package var changedByKey: String
    /// Where from: an address.
    package var address: String
    /// `created`, `updated`, `deleted`, `blocked`, `unblocked`, `rotated`.
    package var action: String
    /// LiteLLM's name of the table: `LiteLLM_VerificationToken`.
    package var table: String
    package var objectID: String
    /// Secrets masked; nil where there was nothing.
    package var before: JSONObject?
    package var after: JSONObject?

    package init(
        id: String, at: Int64, changedBy: String, changedByKey: String, address: String, action: String, table: String,
        objectID: String, before: JSONObject?, after: JSONObject?
    ) {
        self.id = id
        self.at = at
        self.changedBy = changedBy
        self.changedByKey = changedByKey
        self.address = address
        self.action = action
        self.table = table
        self.objectID = objectID
        self.before = before
        self.after = after
    }
}

package struct AuditQuery: Sendable, Hashable {
    package var id: String?
    package var changedBy: String?
    package var changedByKey: String?
    package var action: String?
    package var table: String?
    package var objectID: String?
    /// Microseconds since 1970 UTC, inclusive.
    package var from: Int64?
    package var to: Int64?
    package var descends = true
    package var page = 1
    package var size = 10

    package init() {}
}

/// Something was changed: told to all replicas.
package struct Change: Sendable, Hashable {
    package let sequence: Int64
    /// The `rawValue` of an `EntityKind`, or `team_members`, `organization_members`.
    package let kind: String
    package let id: String

    package init(sequence: Int64, kind: String, id: String) {
        self.sequence = sequence
        self.kind = kind
        self.id = id
    }
}
