import WeirCore

/// An access group that names deployments of the configuration, which cannot carry the group's name themselves: by
/// `model_name`, or by `model_info.id`.
package struct ModelGroupMembership: Sendable, Hashable {
    /// Ids of such records: they are told from the other access groups by it.
    static let idPrefix = "models:"

    package let name: String
    package let modelNames: [String]
    package let modelIDs: [String]

    package func contains(id: String, name: String) -> Bool { modelNames.contains(name) || modelIDs.contains(id) }

    init(name: String, modelNames: [String] = [], modelIDs: [String] = []) {
        self.name = name
        self.modelNames = modelNames
        self.modelIDs = modelIDs
    }

    /// Nil when the record is another kind of access group.
    init?(_ entity: Entity) {
        guard entity.id.hasPrefix(Self.idPrefix) else { return nil }
        self.init(
            name: String(entity.id.dropFirst(Self.idPrefix.count)), modelNames: entity.document.strings("model_names"),
            modelIDs: entity.document.strings("model_ids"))
    }

    static func id(_ name: String) -> String { idPrefix + name }

    /// Without a name of its own among the lookups: it may be called as an access group of the other kind is.
    var document: JSONObject { ["model_names": .strings(modelNames), "model_ids": .strings(modelIDs)] }

    /// The access groups of keys and teams, each by its id, which stands in their `access_group_ids`, with the names and
    /// patterns of models that it opens.
    package static func keyGroups(_ session: any StoreSession) throws(StoreFault) -> [ModelGroupMembership] {
        try EntityWalk.all(.accessGroups, session).filter { ModelGroupMembership($0) == nil }.map {
            ModelGroupMembership(name: $0.id, modelNames: $0.document.strings("access_model_names"))
        }
    }

    package static func all(_ session: any StoreSession) throws(StoreFault) -> [ModelGroupMembership] {
        try EntityWalk.all(.accessGroups, session).compactMap(ModelGroupMembership.init)
    }
}
