import Logging
import WeirAccess
import WeirConfig
import WeirCore

/// What the store adds to the configuration. Holds opened secrets, so it cannot be printed.
struct StoredState: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// Entries of `model_list`.
    var models: [JSONObject] = []
    /// Access groups that name deployments of the configuration.
    var groups: [ModelGroupMembership] = []
    /// Access groups of keys and teams, with the models that they open.
    var keyGroups: [ModelGroupMembership] = []

    var description: String { "***" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The configuration with the models of the store behind its own. One that cannot be served is left out and told of.
    func added(to base: ConfigDocument, _ environment: [String: String], _ logger: Logger) -> ConfigDocument {
        guard !models.isEmpty else { return base }
        var document = base
        var surroundings = environment
        for variable in base.environmentVariables { surroundings[variable.name] = variable.value.revealed() }
        let taken = Set(base.models.compactMap(\.info.id))
        for model in models {
            let read = StoredEntries.read(model, environment: surroundings)
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

    /// Models that belong to one team, with its id.
    func teamModels(of document: ConfigDocument) -> [String: String] {
        var teams: [String: String] = [:]
        for entry in document.models {
            if let field = entry.info.fields.first(where: { $0.key == "team_id" }), field.json.hasPrefix("\"") {
                teams[entry.name] = String(field.json.dropFirst().dropLast())
            }
        }
        return teams
    }
}
