package import WeirCore

/// The deployments of the store, as entries of `model_list`: to be put behind those of the configuration.
package enum StoredModels {
    package struct Found: Sendable, CustomStringConvertible, CustomReflectable {
        /// `model_name`, `litellm_params` with secrets opened and stored credentials put in, `model_info` with `id` and
        /// `db_model`. Not for logs.
        package var entries: [JSONObject] = []
        /// The values of every credential that can be opened, by its name. Not for logs.
        package var credentials: [String: JSONObject] = [:]
        /// Those that cannot be served, and why.
        package var refused: [Refused] = []
        /// Access groups of deployments of the configuration.
        package var groups: [ModelGroupMembership] = []
        /// Access groups of keys and teams: the name is the id that stands in their `access_group_ids`, the model names may
        /// have a star.
        package var keyGroups: [ModelGroupMembership] = []

        package init() {}

        package var description: String { "***" }
        package var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    package struct Refused: Sendable, Hashable {
        package let id: String
        package let name: String
        /// A sentence without anything secret.
        package let reason: String
    }

    /// Everything that is not blocked, in the order in which it was added; one that cannot be opened leaves the others alone.
    package static func found(in store: any Store, _ vault: Vault) async throws -> Found {
        try await store.read { session in
            var found = Found()
            found.groups = try ModelGroupMembership.all(session)
            found.keyGroups = try ModelGroupMembership.keyGroups(session)
            for entity in try EntityWalk.all(.credentials, session) {
                let plain = try? DocumentSeal(vault, entity).opened(entity.document, session)
                found.credentials[entity.id] = plain?.object("credential_values")
            }
            for entity in try EntityWalk.all(.models, session) where entity.document.bool("blocked") != true {
                let name = entity.document.string("model_name") ?? ""
                do {
                    found.entries.append(try entry(entity, vault, session))
                } catch let fault as VaultFault {
                    found.refused.append(Refused(id: entity.id, name: name, reason: fault.description))
                } catch let fault as OfficeFault {
                    found.refused.append(Refused(id: entity.id, name: name, reason: fault.message))
                }
            }
            return found
        }
    }

    /// The entries of `found(in:_:)` alone.
    package static func entries(_ store: any Store, _ vault: Vault) async throws -> [JSONObject] {
        try await found(in: store, vault).entries
    }

    private static func entry(_ entity: Entity, _ vault: Vault, _ session: any StoreSession) throws -> JSONObject {
        let plain = try DocumentSeal(vault, entity).opened(entity.document, session)
        var entry = ModelDraft.withoutStoreMembers(try CredentialMerge.merged(plain, vault, session))
        var info = entry.object("model_info") ?? JSONObject()
        info["id"] = .string(entity.id)
        info["db_model"] = true
        entry["model_info"] = .object(info)
        return entry
    }
}
