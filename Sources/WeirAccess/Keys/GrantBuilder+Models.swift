import WeirCore

extension GrantBuilder {
    /// Every model that may be called.
    static let allModels = "all-proxy-models"
    /// The team decides alone.
    private static let teamModels = "all-team-models"
    private static let noModels = "no-default-models"

    /// Who restricts the models. An empty list restricts nothing.
    static func models(of record: GrantRecord) -> [ModelRights] {
        [
            key(record), record.team.flatMap { rights(.team, $0.document) }, member(record),
            record.team == nil ? record.user.flatMap { user($0.document) } : nil,
            record.organization.flatMap { rights(.organization, $0.document) },
        ].compactMap(\.self)
    }

    private static func key(_ record: GrantRecord) -> ModelRights? {
        let document = record.key.document
        guard document.strings("models").contains(teamModels) else { return rights(.key, document) }
        // The models of a team that is gone are none.
        return record.team == nil && document.string("team_id") != nil ? ModelRights(holder: .team, names: []) : nil
    }

    /// The user's place in the team may have a list of its own, or its budget has one.
    private static func member(_ record: GrantRecord) -> ModelRights? {
        guard let place = record.membership?.document else { return nil }
        for document in [place, budget(of: place, record)].compactMap(\.self) {
            guard let names = list(document, "allowed_models") else { return ModelRights(holder: .team, names: []) }
            if !names.isEmpty { return names.contains(allModels) ? nil : ModelRights(holder: .team, names: names) }
        }
        return nil
    }

    private static func user(_ document: JSONObject) -> ModelRights? {
        document.strings("models").contains(noModels)
            ? ModelRights(holder: .user, names: [noModels]) : rights(.user, document)
    }

    /// The list, with the access groups that the holder may use besides.
    private static func rights(_ holder: ModelRights.Holder, _ document: JSONObject) -> ModelRights? {
        // A list that cannot be read must not open what it was to close.
        guard let names = list(document, "models") else { return ModelRights(holder: holder, names: []) }
        guard !names.isEmpty, !names.contains(allModels) else { return nil }
        return ModelRights(holder: holder, names: names + document.strings("access_group_ids"))
    }
}
