/// Who is calling, once he is known.
package final class Principal: Sendable {
    package enum Kind: Sendable, Equatable { case anonymous, master, token }

    package let kind: Kind
    /// The SHA-256 of the key in lowercase hex, or a fixed name where there is no key; safe to show.
    package let keyHash: String
    /// The name an admin gave the key; empty when he gave none.
    package let alias: String
    /// A small number that is unique within its snapshot, for tables.
    package let index: Int

    package init(kind: Kind, keyHash: String, alias: String, index: Int) {
        self.kind = kind
        self.keyHash = keyHash
        self.alias = alias
        self.index = index
    }

    /// May see everything and change everything.
    package var isAdmin: Bool { kind == .master || kind == .anonymous }
}
