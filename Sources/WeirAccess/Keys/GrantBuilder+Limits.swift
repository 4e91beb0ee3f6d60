import WeirCore

extension GrantBuilder {
    /// The limits of all who take part, without those that have none.
    static func limits(of record: GrantRecord) -> [LimitGrant] {
        let (key, team) = (record.key, record.team)
        var limits = [
            limit("key:\(key.id)", "api_key: \(key.id)", key.document, record)
        ]
        limits += perModel("model_per_key", key.id, key.document)
        if let place = record.membership {
            let name = "\(place.ownerID):\(place.userID)"
            limits.append(limit("team_member:\(name)", "team_member: \(name)", place.document, record))
        }
        if let team {
            limits.append(limit("team:\(team.id)", "team: \(team.id)", team.document, record))
            limits += perModel("model_per_team", team.id, team.document)
        } else if let user = record.user {
            limits.append(limit("user:\(user.id)", "user: \(user.id)", user.document, record))
        }
        if let organization = record.organization {
            limits.append(
                limit(
                    "organization:\(organization.id)", "organization: \(organization.id)", organization.document,
                    record))
        }
        return limits.filter { !$0.isEmpty }
    }

    /// What the holder sets itself, and what its budget's row sets where it does not.
    private static func limit(
        _ id: String, _ title: String, _ holder: JSONObject, _ record: GrantRecord
    ) -> LimitGrant {
        let row = budget(of: holder, record)
        func value(_ name: String) -> Int? { holder.int(name) ?? row?.int(name) }
        return LimitGrant(
            id: id, title: title, requestsPerMinute: value("rpm_limit"), tokensPerMinute: value("tpm_limit"),
            parallel: value("max_parallel_requests"))
    }

    /// `model_rpm_limit` and `model_tpm_limit` of the metadata.
    private static func perModel(_ name: String, _ id: String, _ holder: JSONObject) -> [LimitGrant] {
        let metadata = holder.object("metadata")
        let (requests, tokens) = (metadata?.object("model_rpm_limit"), metadata?.object("model_tpm_limit"))
        let models = Set((requests?.names ?? []) + (tokens?.names ?? []))
        return models.sorted().map { model in
            LimitGrant(
                id: "\(name):\(id):\(model)", title: "\(name): \(id):\(model)",
                requestsPerMinute: requests?.int(model), tokensPerMinute: tokens?.int(model), model: model)
        }
    }
}
