import WeirCore

/// Deployments that belong to a team: its members ask for the public name, the router knows them by another that no other
/// team has. All of a team's deployments with one public name are one model group.
enum TeamModels {
    static func routerPrefix(_ team: String) -> String { "model_name_\(team)_" }
    static func routerName(_ team: String, _ name: String) -> String { routerPrefix(team) + name }

    /// Tells the team of its model: an alias, and a place in its list when it has one.
    static func link(_ entity: Entity, _ desk: Desk, _ session: any StoreSession, _ requester: Requester) throws {
        guard let (id, name) = owner(entity), let team = try session.entityForUpdate(.teams, id) else { return }
        var document = team.document
        var aliases = document.object("model_aliases") ?? JSONObject()
        aliases[name] = .string(routerName(id, name))
        document["model_aliases"] = .object(aliases)
        let models = document.strings("models")
        // An empty list is no list: the team may call everything.
        if !models.isEmpty, !models.contains(name), !models.contains("all-proxy-models") {
            document["models"] = .strings(models + [name])
        }
        try save(document, team, desk, session, requester)
    }

    /// Takes the name away from the team when this was the last deployment that had it.
    static func unlink(_ entity: Entity, _ desk: Desk, _ session: any StoreSession, _ requester: Requester) throws {
        guard let (id, name) = owner(entity), let team = try session.entityForUpdate(.teams, id) else { return }
        let router = routerName(id, name)
        let others = try session.entities(.models, where: .modelName, is: router, limit: 2)
        guard !others.contains(where: { $0.id != entity.id }) else { return }
        var document = team.document
        var aliases = document.object("model_aliases") ?? JSONObject()
        guard aliases.string(name) == router else { return }
        aliases[name] = nil
        document["model_aliases"] = .object(aliases)
        let models = document.strings("models")
        let left = models.filter { $0 != name }
        // The last name stays: a team with an empty list could call everything.
        if left.count < models.count, !left.isEmpty { document["models"] = .strings(left) }
        try save(document, team, desk, session, requester)
    }

    /// The team and its name for the deployment; nil when it is no team's.
    private static func owner(_ entity: Entity) -> (team: String, name: String)? {
        guard let team = entity.document.string("team_id"),
            let name = entity.document.object("model_info")?.string("team_public_model_name")
        else { return nil }
        return (team, name)
    }

    private static func save(
        _ document: JSONObject, _ team: Entity, _ desk: Desk, _ session: any StoreSession, _ requester: Requester
    ) throws(StoreFault) {
        guard document != team.document else { return }
        try session.update(desk.changed(team, document, by: requester))
        try desk.audit(session, requester, "updated", .teams, team.id, before: team.document, after: document)
    }
}
