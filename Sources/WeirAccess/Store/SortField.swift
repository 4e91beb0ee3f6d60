package import WeirCore

/// What lists are sorted by besides time, spend and id. Each is copied from the member of the document that it is named after.
package enum SortField: String, Sendable, CaseIterable {
    case keyAlias = "key_alias"
    case maxBudget = "max_budget"
    case userEmail = "user_email"
    case userAlias = "user_alias"
    case userRole = "user_role"
    case teamAlias = "team_alias"

    package static func fields(of kind: EntityKind) -> [SortField] {
        switch kind {
        case .keys: [.keyAlias, .maxBudget]
        case .users: [.userEmail, .userAlias, .userRole]
        case .teams: [.teamAlias]
        default: []
        }
    }

    /// By how much it counts, not by its text.
    package var isMoney: Bool { self == .maxBudget }

    package func money(of entity: Entity) -> Money? { entity.document.money(rawValue) }

    /// The letters of ASCII in lowercase, cut to `LookupField.longest`; nil for what is not set.
    package func text(of entity: Entity) -> String? {
        guard let text = entity.document.string(rawValue), !text.isEmpty else { return nil }
        return Self.folded(text)
    }

    package static func folded(_ text: String) -> String {
        var folded = String(
            decoding: text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 },
            as: UTF8.self)
        while folded.utf8.count > LookupField.longest { folded.unicodeScalars.removeLast() }
        return folded
    }
}
