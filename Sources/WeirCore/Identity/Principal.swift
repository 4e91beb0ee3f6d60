import Synchronization

/// Who is calling, once he is known.
package final class Principal: Sendable {
    package enum Kind: Sendable, Equatable {
        case anonymous, master, token
        /// A virtual key of the store.
        case key
        /// A token of an identity provider.
        case identityToken
        /// The one for whom somebody calls: shows nothing himself.
        case customer
    }

    package let kind: Kind
    /// The SHA-256 of the key in lowercase hex, or a fixed name where there is no key; safe to show.
    package let keyHash: String
    /// The name an admin gave the key; empty when he gave none.
    package let alias: String
    /// A small number, for tables: unique among those that live at the same time.
    package let index: Int
    /// What he may do. Nil for the master key, the tokens of the configuration and where no key is asked for.
    package let grant: Grant?
    private let revoked = Atomic<Bool>(false)

    package init(kind: Kind, keyHash: String, alias: String, index: Int, grant: GrantDraft? = nil) {
        self.kind = kind
        self.keyHash = keyHash
        self.alias = alias
        self.index = index
        self.grant = grant.map { Grant($0) }
    }

    /// False once the store told of a change: who keeps it must ask again.
    package var isCurrent: Bool { !revoked.load(ordering: .relaxed) }

    package func revoke() { revoked.store(true, ordering: .relaxed) }

    package var role: Role {
        switch kind {
        case .master, .anonymous: .proxyAdmin
        case .token: .unknown
        case .key, .identityToken: grant?.role ?? .unknown
        case .customer: .customer
        }
    }

    /// May see everything and change everything.
    package var isAdmin: Bool { role == .proxyAdmin }

    /// Whether it has expired at `wall` nanoseconds since 1970.
    package func hasExpired(at wall: UInt64) -> Bool {
        guard let expires = grant?.expires else { return false }
        return wall >= expires
    }
}
