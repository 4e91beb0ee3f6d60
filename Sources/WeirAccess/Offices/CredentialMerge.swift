import WeirCore

/// A stored credential's values, in the place of its name.
enum CredentialMerge {
    private static let member = "litellm_credential_name"

    /// `entry` with the values of the credential that it names; what the entry says itself stays. A credential of the
    /// configuration is left to be looked up there. Throws when there is none of the name, `VaultFault` when it cannot be
    /// opened.
    static func merged(_ entry: JSONObject, _ desk: Desk, _ session: any StoreSession) throws -> JSONObject {
        guard let params = entry.object("litellm_params"), let name = try name(in: params) else { return entry }
        if let merged = try merged(entry, params, name, desk.vault, session) { return merged }
        guard desk.models.credentials().contains(where: { $0.string("credential_name") == name }) else {
            throw OfficeFault.bad(
                "litellm_credential_name: there is no credential called \(name). Add it via POST /credentials.", member)
        }
        return entry
    }

    /// The same without a look at the configuration.
    static func merged(_ entry: JSONObject, _ vault: Vault, _ session: any StoreSession) throws -> JSONObject {
        guard let params = entry.object("litellm_params"), let name = try name(in: params) else { return entry }
        return try merged(entry, params, name, vault, session) ?? entry
    }

    private static func name(in params: JSONObject) throws(OfficeFault) -> String? {
        guard let value = params.value(member) else { return nil }
        guard let name = value.string else { throw .bad("litellm_credential_name has to be a text.", member) }
        return name
    }

    /// Nil when the store has none of the name.
    private static func merged(
        _ entry: JSONObject, _ params: JSONObject, _ name: String, _ vault: Vault, _ session: any StoreSession
    ) throws -> JSONObject? {
        guard let credential = try session.entity(.credentials, name) else { return nil }
        let values = try DocumentSeal(vault, credential).opened(credential.document, session)
            .object("credential_values")
        var own = params
        own[member] = nil
        var merged = entry
        merged["litellm_params"] = .object((values ?? JSONObject()).merging(own))
        return merged
    }
}
