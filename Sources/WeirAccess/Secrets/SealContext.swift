/// Where a sealed text stands. A text that was sealed for one place does not open in another.
package struct SealContext: Sendable, Hashable {
    package let kind: EntityKind
    package let id: String
    /// RFC 6901: `/litellm_params/api_key`.
    package let path: String
    /// Whose record it is: the id of a team or an organisation; empty for the gateway's own.
    package let tenant: String

    package init(_ kind: EntityKind, _ id: String, path: String, tenant: String = "") {
        self.kind = kind
        self.id = id
        self.path = path
        self.tenant = tenant
    }

    /// Each part with its length before it, so that no two places give the same bytes.
    var bytes: [UInt8] {
        [kind.rawValue, id, path, tenant].flatMap { part in Array("\(part.utf8.count):".utf8) + Array(part.utf8) }
    }
}
