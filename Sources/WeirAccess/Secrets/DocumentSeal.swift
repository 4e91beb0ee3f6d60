package import WeirCore

/// Seals, opens and hides the secrets of one record's document.
package struct DocumentSeal: Sendable {
    /// What is shown of a credential without a mask: where it leads to, not what opens it.
    private static let addresses: Set<String> = [
        "api_base", "base_url", "api_version", "region_name", "aws_region_name", "watsonx_region_name",
        "vertex_project",
        "vertex_location", "organization", "custom_llm_provider",
    ]

    private let vault: Vault
    private let kind: EntityKind
    private let id: String
    private let tenant: String

    package init(_ vault: Vault, _ kind: EntityKind, _ id: String, tenant: String = "") {
        self.vault = vault
        self.kind = kind
        self.id = id
        self.tenant = tenant
    }

    /// For the document of a model or a credential that is in the store.
    package init(_ vault: Vault, _ entity: Entity) {
        self.init(vault, entity.kind, entity.id, tenant: entity.document.string("team_id") ?? "")
    }

    private func context(_ path: String) -> SealContext { SealContext(kind, id, path: path, tenant: tenant) }

    /// With every secret sealed; what is sealed already, and names of environment variables, stay.
    package func sealed(_ document: JSONObject, _ session: any StoreSession, _ desk: Desk) throws -> JSONObject {
        try SecretMembers.mapped(document) { place in
            guard place.isSecret, !place.isReference, !SealedText.isSealed(place.text) else { return place.text }
            return try vault.seal(Secret(place.text), in: context(place.path), session, desk)
        }
    }

    /// With every secret as it was given. Throws `VaultFault` when one of them cannot be opened.
    package func opened(_ document: JSONObject, _ session: any StoreSession) throws -> JSONObject {
        try SecretMembers.mapped(document) { place in
            guard SealedText.isSealed(place.text) else { return place.text }
            return try vault.open(place.text, in: context(place.path), session).revealed()
        }
    }

    /// Sealed anew, with the data key that seals now.
    func resealed(_ document: JSONObject, _ session: any StoreSession, _ desk: Desk) throws -> JSONObject {
        try sealed(try opened(document, session), session, desk)
    }

    /// For those who may change it: secrets masked (`sk****23`), or `****` where they cannot be opened.
    package func masked(_ document: JSONObject, _ session: any StoreSession) throws -> JSONObject {
        try SecretMembers.mapped(document) { place in
            guard place.isSecret, !place.isReference else { return place.text }
            guard let plain = try plain(place, session) else { return "****" }
            let isAddress = Self.addresses.contains(place.name) && !SecretMembers.hasPassword(plain)
            return isAddress ? plain : Mask.text(plain)
        }
    }

    /// Nil when it cannot be opened.
    private func plain(_ place: SecretMembers.Place, _ session: any StoreSession) throws -> String? {
        guard SealedText.isSealed(place.text) else { return place.text }
        do {
            return try vault.open(place.text, in: context(place.path), session).revealed()
        } catch is VaultFault {
            return nil
        }
    }

    /// For those who may only look: without anything secret.
    package static func bare(_ document: JSONObject) -> JSONObject {
        SecretMembers.mapped(document) { $0.isSecret && !$0.isReference ? nil : $0.text }
    }

    /// For the auditor: nothing of a secret but that there is one.
    package static func hidden(_ document: JSONObject) -> JSONObject {
        SecretMembers.mapped(document) { $0.isSecret && !$0.isReference ? "****" : $0.text }
    }

    /// Whether there is something to seal.
    package static func hasSecrets(_ document: JSONObject) -> Bool {
        SecretMembers.places(document).contains {
            $0.isSecret && !$0.isReference && !SealedText.isSealed($0.text)
        }
    }
}
