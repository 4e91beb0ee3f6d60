package import WeirCore

extension Access {
    // MARK: Models

    /// The model that somebody asks for by `requested`: aliases of his key and his team resolved. Throws
    /// `keyModelForbidden`, `teamModelForbidden`, `userModelForbidden` or `organizationModelForbidden`.
    package func model(_ requested: String, for principal: Principal) throws(GatewayFault) -> String {
        guard let grant = principal.grant, !teamModels.isEmpty || !grant.models.isEmpty || !grant.aliases.isEmpty else {
            return requested
        }
        let target = grant.aliases[requested] ?? requested
        if isForeign(target, grant) { throw refusal(of: requested, ModelRights(holder: .key, names: [])) }
        for rights in grant.models where !allows(requested, target, rights, grant) {
            throw refusal(of: requested, rights)
        }
        return target
    }

    /// Whether somebody may call this model, for lists of models and for those that a request names besides.
    package func allows(_ model: String, for principal: Principal) -> Bool {
        guard let grant = principal.grant else { return true }
        let target = grant.aliases[model] ?? model
        return !isForeign(target, grant) && grant.models.allSatisfy { allows(model, target, $0, grant) }
    }

    /// The model belongs to another team.
    private func isForeign(_ model: String, _ grant: Grant) -> Bool {
        guard let team = teamModels[model] else { return false }
        return team != grant.teamID && grant.role != .proxyAdmin
    }

    /// A team that gives a model another name allows it by that name. What a key calls by a name of its own, its team must
    /// allow by the true one; the key itself allows it since 1.109, and before only when its list has that name.
    private func allows(_ requested: String, _ target: String, _ rights: ModelRights, _ grant: Grant) -> Bool {
        let isAlias = grant.aliases[requested] != nil
        let isKeyAlias = grant.keyAliases.contains(requested)
        switch rights.holder {
        case .key:
            if isAlias, !isKeyAlias || compat == .v1_109 { return true }
            return allows(requested, rights)
        case .team:
            if isAlias, !isKeyAlias { return true }
            return allows(target, rights)
        case .user, .organization, .customer: return allows(target, rights)
        }
    }

    func allows(_ model: String, _ rights: ModelRights) -> Bool {
        if rights.allow(model, groups: groups.groups(of: model)) { return true }
        guard let target = modelAliases[model] else { return false }
        return rights.allow(target, groups: groups.groups(of: target))
    }

    private func refusal(of model: String, _ rights: ModelRights) -> GatewayFault {
        let name = String(model.prefix(256))
        let code: FaultCode =
            switch rights.holder {
            case .key: .keyModelForbidden
            case .team: .teamModelForbidden
            case .user: .userModelForbidden
            case .organization: .organizationModelForbidden
            case .customer: .customerModelForbidden
            }
        switch compat {
        case .v1_109:
            return GatewayFault(
                code,
                "The requested model '\(name)' is not available for this API key, or the model name is invalid. Check "
                    + "the models available to you and try again.", param: "model")
        case .v1_83:
            let holder = rights.holder.rawValue
            return GatewayFault(
                code,
                "\(holder) not allowed to access model. This \(holder) can only access "
                    + "models=\(Self.pythonList(rights.names)). Tried to access \(name)", param: "model")
        }
    }

    // MARK: Routes

    /// Whether somebody may use the route with this path (without a query). Throws `keyRouteForbidden`.
    package static func checkRoute(_ path: String, _ principal: Principal) throws(GatewayFault) {
        guard let rights = principal.grant?.routes, !rights.allow(path) else { return }
        throw GatewayFault(
            .keyRouteForbidden,
            "Virtual key is not allowed to call this route. Only allowed to call routes: "
                + "\(pythonList(rights.names)). Tried to call route: \(path.prefix(256))")
    }

    /// As Python prints a list of strings.
    private static func pythonList(_ names: [String]) -> String {
        let texts = names.map { name in
            let quote = name.contains("'") && !name.contains("\"") ? "\"" : "'"
            let escaped = name.replacing("\\", with: "\\\\")
            return quote + (quote == "'" ? escaped.replacing("'", with: "\\'") : escaped) + quote
        }
        return "[\(texts.joined(separator: ", "))]"
    }
}
