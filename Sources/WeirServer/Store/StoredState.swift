import Logging
import WeirAccess
import WeirConfig
import WeirCore

/// What the store adds to the configuration. Holds opened secrets, so it cannot be printed.
struct StoredState: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// Entries of `model_list`.
    var models: [JSONObject] = []
    /// Values of credentials, by their names.
    var credentials: [String: JSONObject] = [:]
    /// Access groups that name deployments of the configuration.
    var groups: [ModelGroupMembership] = []
    /// Access groups of keys and teams, with the models that they open.
    var keyGroups: [ModelGroupMembership] = []

    var description: String { "***" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The configuration with the models of the store behind its own. One that cannot be served is left out and told of.
    func added(to base: ConfigDocument, _ environment: [String: String], _ logger: Logger) -> ConfigDocument {
        let lacking = base.models.filter { entry in
            entry.credentialName.map { name in !base.credentials.contains { $0.name == name } } ?? false
        }
        guard !models.isEmpty || !lacking.isEmpty else { return base }
        var document = base
        var surroundings = environment
        for variable in base.environmentVariables { surroundings[variable.name] = variable.value.revealed() }
        if !lacking.isEmpty { complete(&document, surroundings, logger) }
        let taken = Set(base.models.compactMap(\.info.id))
        for model in models {
            let read = StoredEntries.read(model, base.credentials, environment: surroundings)
            guard let entry = read.entry else {
                logger.error(
                    "a model of the store is left out: \(model.string("model_name") ?? ""): \(read.problems.joined(separator: "; "))"
                )
                continue
            }
            if let id = entry.info.id, taken.contains(id) { continue }
            document.models.append(entry)
        }
        return document
    }

    /// Gives models of the configuration what they take from credentials of the store.
    private func complete(_ document: inout ConfigDocument, _ environment: [String: String], _ logger: Logger) {
        for (index, entry) in document.models.enumerated() {
            guard let name = entry.credentialName, !document.credentials.contains(where: { $0.name == name }) else {
                continue
            }
            guard let values = credentials[name] else {
                logger.error("the model \(entry.name) is without its credential: there is none called \(name)")
                continue
            }
            let params = values.merging(["model": .string("openai/any")])
            let read = StoredEntries.read(
                ["model_name": "any", "litellm_params": .object(params)], [], environment: environment)
            guard let found = read.entry else {
                logger.error(
                    "the model \(entry.name) is without its credential \(name): \(read.problems.joined(separator: "; "))"
                )
                continue
            }
            document.models[index].take(found)
        }
    }

    /// The access groups of each model, by its name. `ids` are those of the document's models, in their order.
    func accessGroups(of document: ConfigDocument, ids: [String]) -> [String: Set<String>] {
        var groups: [String: Set<String>] = [:]
        for entry in document.models {
            for group in entry.info.accessGroups { groups[entry.name, default: []].insert(group) }
        }
        for (entry, id) in zip(document.models, ids) {
            for group in self.groups where group.contains(id: id, name: entry.name) {
                groups[entry.name, default: []].insert(group.name)
            }
        }
        for group in keyGroups {
            for name in group.modelNames { groups[name, default: []].insert(group.name) }
        }
        return groups
    }
}

extension ModelEntry {
    /// Takes from `other` what a credential may say, where nothing is said yet.
    fileprivate mutating func take(_ other: ModelEntry) {
        apiKey = apiKey ?? other.apiKey
        apiBase = apiBase ?? other.apiBase
        apiVersion = apiVersion ?? other.apiVersion
        organization = organization ?? other.organization
        regionName = regionName ?? other.regionName
        let own = Set(vendorSettings.map(\.name))
        vendorSettings += other.vendorSettings.filter { !own.contains($0.name) }
    }
}
