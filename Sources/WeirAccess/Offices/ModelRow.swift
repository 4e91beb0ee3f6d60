import WeirCore

/// A deployment of the configuration or of the store, served or not.
struct ModelRow: Sendable {
    let id: String
    /// As the router knows it.
    let name: String
    let params: JSONObject
    let info: JSONObject
    let isStored: Bool
    let isBlocked: Bool
    let team: String?
    let groups: [String]
    var createdAt: Int64?
    var updatedAt: Int64?
    var createdBy: String?

    /// What clients ask for.
    var publicName: String { info.string("team_public_model_name") ?? name }

    /// All of them: those of the configuration in its order, then those of the store in theirs. What was stored a moment ago
    /// is here already, whether it is served yet or not.
    static func all(_ desk: Desk, _ session: any StoreSession) throws(StoreFault) -> [ModelRow] {
        let deployed = desk.models.deployed()
        let groups = try ModelGroupMembership.all(session)
        let configured = deployed.filter { !$0.isStored }.map { model in
            ModelRow(
                id: model.id, name: model.name, params: model.params, info: model.info, isStored: false,
                isBlocked: false, team: model.info.string("team_id"),
                groups: model.info.strings("access_groups").union(
                    groups.filter { $0.contains(id: model.id, name: model.name) }.map(\.name)))
        }
        let known = Dictionary(deployed.map { ($0.id, $0.info) }, uniquingKeysWith: { first, _ in first })
        return configured + (try EntityWalk.all(.models, session).map { ModelRow($0, known: known[$0.id]) })
    }

    /// `known` is what the price table adds.
    private init(_ entity: Entity, known: JSONObject?) {
        let own = entity.document.object("model_info") ?? JSONObject()
        self.init(
            id: entity.id, name: entity.document.string("model_name") ?? "",
            params: entity.document.object("litellm_params") ?? JSONObject(),
            info: (known ?? JSONObject()).merging(own), isStored: true,
            isBlocked: entity.document.bool("blocked") ?? false, team: entity.document.string("team_id"),
            groups: own.strings("access_groups"), createdAt: entity.createdAt, updatedAt: entity.updatedAt,
            createdBy: entity.createdBy)
    }

    private init(
        id: String, name: String, params: JSONObject, info: JSONObject, isStored: Bool, isBlocked: Bool, team: String?,
        groups: [String], createdAt: Int64? = nil, updatedAt: Int64? = nil, createdBy: String? = nil
    ) {
        self.id = id
        self.name = name
        self.params = params
        self.info = info
        self.isStored = isStored
        self.isBlocked = isBlocked
        self.team = team
        self.groups = groups
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.createdBy = createdBy
    }
}

extension [String] {
    /// These, and those of `others` that are not among them.
    func union(_ others: [String]) -> [String] { self + others.filter { !contains($0) } }
}
