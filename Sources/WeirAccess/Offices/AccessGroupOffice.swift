import WeirCore

extension Offices {
    package var accessGroups: AccessGroupOffice { AccessGroupOffice(desk) }
}

/// Groups of models that keys and teams are given as a whole (`access_group_ids`), and, in `+Models`, groups that
/// deployments are put in.
package struct AccessGroupOffice: Sendable {
    private static let lists = [
        "access_model_names", "access_mcp_server_ids", "access_agent_ids", "access_skill_names", "assigned_team_ids",
        "assigned_key_ids",
    ]
    private static let members = ["access_group_name", "description"] + lists + ["mcp_tool_permissions"]

    let desk: Desk

    package init(_ desk: Desk) { self.desk = desk }

    /// `POST /v1/access_group`.
    package func create(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, requester) = (desk, request.requester)
        let document = JSONObject(
            Self.members.compactMap { name in request.body.value(name).map { JSONObject.Member(name, $0) } })
        let name = try Self.name(document)
        return try await desk.write { session in
            guard try session.entities(.accessGroups, where: .accessGroupName, is: name, limit: 1).isEmpty else {
                throw Self.taken(name)
            }
            let entity = desk.entity(.accessGroups, desk.newID(), document, by: requester)
            try session.insert(entity)
            try Self.assign(entity.id, from: JSONObject(), to: document, desk, session, requester)
            try desk.audit(session, requester, "created", .accessGroups, entity.id, before: nil, after: document)
            return OfficeAnswer(Self.answer(entity), status: 201)
        }
    }

    /// `GET /v1/access_group`: all of them, in a list of their own.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await desk.read { session in
            let groups = try EntityWalk.all(.accessGroups, session).filter { ModelGroupMembership($0) == nil }
            return OfficeAnswer(.array(groups.map { .object(Self.answer($0)) }))
        }
    }

    /// `GET /v1/access_group/{access_group_id}`.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.path["access_group_id"] ?? ""
        return try await desk.read { session in
            guard let entity = try session.entity(.accessGroups, id), ModelGroupMembership(entity) == nil else {
                throw Self.missing(id)
            }
            return OfficeAnswer(Self.answer(entity))
        }
    }

    /// `PUT /v1/access_group/{access_group_id}`: what the request does not name stays, what is null is taken away.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, requester, body) = (desk, request.requester, request.body)
        let id = request.path["access_group_id"] ?? ""
        return try await desk.write { session in
            let entity = try Self.stored(id, session)
            var document = entity.document
            for name in Self.members {
                guard let value = body[name] else { continue }
                document[name] = value.isNull ? nil : value
            }
            let name = try Self.name(document)
            let same = try session.entities(.accessGroups, where: .accessGroupName, is: name, limit: 2)
            guard same.allSatisfy({ $0.id == id }) else { throw Self.taken(name) }
            let changed = desk.changed(entity, document, by: requester)
            try session.update(changed)
            try Self.assign(id, from: entity.document, to: document, desk, session, requester)
            try desk.audit(
                session, requester, "updated", .accessGroups, id, before: entity.document, after: document)
            return OfficeAnswer(Self.answer(changed))
        }
    }

    /// `DELETE /v1/access_group/{access_group_id}`: teams and keys lose it, too.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, requester) = (desk, request.requester)
        let id = request.path["access_group_id"] ?? ""
        return try await desk.write { session in
            let entity = try Self.stored(id, session)
            try Self.assign(id, from: entity.document, to: JSONObject(), desk, session, requester)
            try session.delete(.accessGroups, ids: [id])
            try desk.audit(session, requester, "deleted", .accessGroups, id, before: entity.document, after: nil)
            return OfficeAnswer(.null, status: 204)
        }
    }

    // MARK: Who has it

    /// Keeps `access_group_ids` of teams and keys in step with the group's own lists. Throws when one of them does not exist.
    private static func assign(
        _ id: String, from before: JSONObject, to after: JSONObject, _ desk: Desk, _ session: any StoreSession,
        _ requester: Requester
    ) throws {
        for (kind, list) in [(EntityKind.teams, "assigned_team_ids"), (.keys, "assigned_key_ids")] {
            let (old, new) = (Set(before.strings(list)), Set(after.strings(list)))
            // In the order of their ids, so that two who do so at once do not wait for each other.
            for holder in old.symmetricDifference(new).sorted() {
                guard let entity = try session.entityForUpdate(kind, holder) else {
                    guard new.contains(holder) else { continue }
                    throw OfficeFault.bad("\(list): \(holder) does not exist.", list)
                }
                let had = entity.document.strings("access_group_ids")
                let has = new.contains(holder) ? had.union([id]) : had.filter { $0 != id }
                guard has != had else { continue }
                var document = entity.document
                document["access_group_ids"] = .strings(has)
                try session.update(desk.changed(entity, document, by: requester))
                try desk.audit(
                    session, requester, "updated", kind, holder, before: entity.document, after: document)
            }
        }
    }

    private static func name(_ document: JSONObject) throws(OfficeFault) -> String {
        guard let name = document.string("access_group_name"), !name.isEmpty else {
            throw .bad("access_group_name is missing or empty.", "access_group_name")
        }
        return name
    }

    private static func taken(_ name: String) -> OfficeFault {
        .conflict("Access group '\(name)' already exists", "access_group_name")
    }

    private static func missing(_ id: String) -> OfficeFault { .notFound("Access group '\(id)' not found") }

    private static func stored(_ id: String, _ session: any StoreSession) throws -> Entity {
        guard let entity = try session.entityForUpdate(.accessGroups, id), ModelGroupMembership(entity) == nil else {
            throw missing(id)
        }
        return entity
    }

    /// A row of LiteLLM's table.
    private static func answer(_ entity: Entity) -> JSONObject {
        var answer: JSONObject = [
            "access_group_id": .string(entity.id),
            "access_group_name": .string(entity.document.string("access_group_name") ?? ""),
            "description": entity.document["description"] ?? .null,
        ]
        for name in lists { answer[name] = .strings(entity.document.strings(name)) }
        answer["mcp_tool_permissions"] = entity.document["mcp_tool_permissions"] ?? .null
        answer["created_at"] = .string(AnswerMoment.text(entity.createdAt))
        answer["created_by"] = .string(entity.createdBy)
        answer["updated_at"] = .string(AnswerMoment.text(entity.updatedAt))
        answer["updated_by"] = .string(entity.updatedBy)
        return answer
    }
}
