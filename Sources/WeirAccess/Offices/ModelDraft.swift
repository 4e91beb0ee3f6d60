import WeirCore

/// A deployment as it shall become: read from a request, put together with what is there, checked, and only then sealed.
struct ModelDraft: Sendable {
    private static let longestID = 256

    let id: String
    /// As the store keeps it, but that new secrets are not sealed yet.
    var document: JSONObject
    /// The `litellm_params` that were there before.
    private let before: JSONObject?

    var team: String? { document.string("team_id") }

    /// `POST /model/new`.
    init(_ request: OfficeRequest, newID: String) throws(OfficeFault) {
        let body = request.body
        var info = Self.present(body.object("model_info") ?? JSONObject())
        try SecretMembers.refuseUnsealable(body)
        id = try Self.id(in: info) ?? newID
        info["id"] = .string(id)
        info["db_model"] = nil
        document = [
            "model_name": .string(try Self.name(body.string("model_name") ?? "")),
            "litellm_params": .object(Self.present(body.object("litellm_params") ?? JSONObject())),
        ]
        let team = try Self.text(info, "team_id")
        document["team_id"] = team.map { .string($0) }
        document["blocked"] = body["blocked"]?.bool.map { .bool($0) }
        document["model_info"] = .object(info)
        before = nil
        nameWithinTeam()
    }

    /// `POST /model/update` and `PATCH /model/{model_id}/update`: what the request does not name stays.
    init(_ entity: Entity, changedBy body: JSONObject, _ desk: Desk, _ session: any StoreSession) throws {
        try SecretMembers.refuseUnsealable(body)
        id = entity.id
        document = entity.document
        let params = entity.document.object("litellm_params") ?? JSONObject()
        before = params
        var merged = params.merging(Self.present(body.object("litellm_params") ?? JSONObject()))
        for name in body.strings("litellm_params_to_remove") { merged[name] = nil }
        document["litellm_params"] = .object(try Self.keepingMasked(merged, entity, desk, session))
        var change = Self.present(body.object("model_info") ?? JSONObject())
        for name in ["id", "db_model", "team_public_model_name"] { change[name] = nil }
        if let team = try Self.text(change, "team_id"), team != self.team {
            throw OfficeFault.bad(
                "A model cannot change its team: delete it and add it to the other team.", "model_info.team_id")
        }
        document["model_info"] = .object((document.object("model_info") ?? JSONObject()).merging(change))
        if let blocked = body.bool("blocked") { document["blocked"] = .bool(blocked) }
        if let name = body.string("model_name") {
            document["model_name"] = .string(try Self.name(name))
            nameWithinTeam()
        }
    }

    /// A team's model has its public name for that team only, and one for the router that no other team uses.
    private mutating func nameWithinTeam() {
        guard let team, let given = document.string("model_name"), var info = document.object("model_info") else {
            return
        }
        // A client that sends back what it was shown does not rename anything.
        let prefix = TeamModels.routerPrefix(team)
        let name = given.hasPrefix(prefix) ? String(given.dropFirst(prefix.count)) : given
        info["team_public_model_name"] = .string(name)
        document["model_info"] = .object(info)
        document["model_name"] = .string(prefix + name)
    }

    // MARK: Checks

    /// The document with its secrets sealed, once it was found that it can be served.
    func settled(_ desk: Desk, _ session: any StoreSession, _ requester: Requester) throws -> JSONObject {
        let params = document.object("litellm_params") ?? JSONObject()
        guard let model = params.string("model"), !model.isEmpty else {
            throw OfficeFault.bad(
                "litellm_params.model is missing: the provider's name of the model.", "litellm_params")
        }
        try ModelAuthority.check(requester, params: params, before: before)
        try requireOwnName(session)
        let seal = DocumentSeal(desk.vault, .models, id, tenant: team ?? "")
        let plain = try seal.opened(document, session)
        let entry = try CredentialMerge.merged(plain, desk, session)
        let problems = desk.models.problems(of: Self.withoutStoreMembers(entry))
        guard problems.isEmpty else {
            throw OfficeFault.bad(Self.text(of: problems, without: entry), "litellm_params")
        }
        return try seal.sealed(document, session, desk)
    }

    /// Deployments with one name share its requests, so no two teams may have the same one: team `a` with `b_c` and team `a_b`
    /// with `c` would.
    private func requireOwnName(_ session: any StoreSession) throws {
        guard let name = document.string("model_name") else { return }
        let others = try session.entities(.models, where: .modelName, is: name, limit: 1000)
        guard others.contains(where: { $0.id != id && $0.document.string("team_id") != team }) else { return }
        throw OfficeFault.conflict(
            "The name is another team's already, by the id of the team and the model's name together. Choose another one.",
            "model_name")
    }

    /// What a start would be told of, with nothing in it of a secret.
    private static func text(of problems: [String], without entry: JSONObject) -> String {
        let secrets = SecretMembers.places(entry).filter { $0.isSecret && !$0.isReference && $0.text.count > 3 }
        return secrets.reduce(problems.joined(separator: " ")) { $0.replacing($1.text, with: "****") }
    }

    static func withoutStoreMembers(_ document: JSONObject) -> JSONObject {
        var entry = document
        entry["blocked"] = nil
        entry["team_id"] = nil
        return entry
    }

    /// A secret that comes back as it was shown, masked, is left as it is.
    private static func keepingMasked(
        _ params: JSONObject, _ entity: Entity, _ desk: Desk, _ session: any StoreSession
    ) throws -> JSONObject {
        let old = Dictionary(
            SecretMembers.places(entity.document).map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
        let seal = DocumentSeal(desk.vault, entity)
        let shown = Dictionary(
            SecretMembers.places(try seal.masked(entity.document, session)).map { ($0.path, $0.text) },
            uniquingKeysWith: { first, _ in first })
        let whole = SecretMembers.mapped(["litellm_params": .object(params)]) { place in
            place.isSecret && place.text.contains("****") && shown[place.path] == place.text
                ? old[place.path] ?? place.text : place.text
        }
        return whole.object("litellm_params") ?? params
    }

    /// LiteLLM's clients send null for what they leave alone.
    private static func present(_ object: JSONObject) -> JSONObject {
        JSONObject(object.members.filter { !$0.value.isNull })
    }

    private static func name(_ name: String) throws(OfficeFault) -> String {
        guard !name.isEmpty else { throw .bad("model_name is empty.", "model_name") }
        return name
    }

    private static func id(in info: JSONObject) throws(OfficeFault) -> String? {
        guard let id = try text(info, "id") else { return nil }
        guard !id.isEmpty, id.utf8.count <= longestID else {
            throw .bad("model_info.id has to be a text of 1 to \(longestID) bytes.", "model_info.id")
        }
        return id
    }

    private static func text(_ info: JSONObject, _ name: String) throws(OfficeFault) -> String? {
        guard let value = info.value(name) else { return nil }
        guard let text = value.string else { throw .bad("model_info.\(name) has to be a text.", "model_info.\(name)") }
        return text
    }
}
