import WeirCore

extension ModelOffice {
    private static let pageSize = 50
    private static let greatestPage = 1000

    /// `GET /model/info` and `/v1/model/info`.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let rows = try await seen(by: request)
        let (query, compat) = (request.query, desk.policy.compat)
        let found = rows.filter { row in
            (query["litellm_model_id"].map { $0 == row.id } ?? true) && (query["teamId"].map { $0 == row.team } ?? true)
        }
        if let id = query["litellm_model_id"], found.isEmpty {
            throw .bad("Model id = \(id) not found on litellm proxy", "litellm_model_id")
        }
        return Self.answer(found.map { .object(ModelAnswer.listed($0, compat)) })
    }

    /// `GET /v2/model/info`.
    package func page(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let query = request.query
        let (page, size) = (Int(query["page"] ?? "") ?? 1, Int(query["size"] ?? "") ?? Self.pageSize)
        guard (1...1_000_000).contains(page) else { throw .bad("page has to be 1 or more.", "page") }
        guard (1...Self.greatestPage).contains(size) else {
            throw .bad("size has to be between 1 and \(Self.greatestPage).", "size")
        }
        let found = Self.sorted(try await seen(by: request).filter { Self.meets(query, $0, request.requester) }, query)
        let compat = desk.policy.compat
        let rows: [JSONValue] = found.dropFirst((page - 1) * size).prefix(size).map {
            .object(ModelAnswer.listed($0, compat))
        }
        let answer: JSONObject = [
            "data": .array(rows),
            "total_count": .int(found.count),
            "current_page": .int(page),
            "total_pages": .int((found.count + size - 1) / size),
            "size": .int(size),
        ]
        return OfficeAnswer(answer)
    }

    /// `GET /model_group/info`.
    package func groups(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let rows = try await seen(by: request).filter { !$0.isBlocked }
        var names: [String] = []
        var members: [String: [ModelRow]] = [:]
        for row in rows where request.query["model_group"].map({ $0 == row.publicName }) ?? true {
            if members[row.publicName] == nil { names.append(row.publicName) }
            members[row.publicName, default: []].append(row)
        }
        return Self.answer(names.map { .object(ModelGroupSummary(name: $0, members[$0] ?? []).answer) })
    }

    private static func answer(_ data: [JSONValue]) -> OfficeAnswer {
        let answer: JSONObject = ["data": .array(data)]
        return OfficeAnswer(answer)
    }

    private func seen(by request: OfficeRequest) async throws(OfficeFault) -> [ModelRow] {
        let desk = desk
        return try await desk.read { session in
            let sight = try ModelSight(request.requester, desk, session)
            return try ModelRow.all(desk, session).filter(sight.sees)
        }
    }

    private static func meets(_ query: [String: String], _ row: ModelRow, _ requester: Requester) -> Bool {
        func isMet(_ name: String, _ holds: (String) -> Bool) -> Bool { query[name].map(holds) ?? true }
        return isMet("model") { $0 == row.name || $0 == row.publicName }
            && isMet("modelId") { $0 == row.id }
            && isMet("teamId") { $0 == row.team }
            && isMet("search") { row.publicName.lowercased().contains($0.lowercased()) }
            && isMet("blocked") { ($0 == "true") == row.isBlocked }
            && isMet("access_group") { row.groups.contains($0) }
            && isMet("wildcard_only") { $0 == "false" || row.publicName.contains("*") }
            && isMet("user_models_only") { $0 == "false" || row.createdBy == requester.userID }
    }

    /// Those of the configuration have no moments: they stand first.
    private static func sorted(_ rows: [ModelRow], _ query: [String: String]) -> [ModelRow] {
        guard let field = query["sortBy"] else { return rows }
        let ascending: (ModelRow, ModelRow) -> Bool =
            switch field {
            case "model_name": { $0.publicName < $1.publicName }
            case "created_at": { ($0.createdAt ?? 0) < ($1.createdAt ?? 0) }
            case "updated_at": { ($0.updatedAt ?? 0) < ($1.updatedAt ?? 0) }
            case "costs": { price(of: $0) < price(of: $1) }
            default: { !$0.isStored && $1.isStored }
            }
        return query["sortOrder"] == "desc" ? rows.sorted { ascending($1, $0) } : rows.sorted(by: ascending)
    }

    private static func price(of row: ModelRow) -> Money { row.info.money("input_cost_per_token") ?? .zero }
}
