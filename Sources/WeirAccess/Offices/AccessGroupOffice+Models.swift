import WeirCore

/// Groups of deployments. One of the store carries the group's name in its `model_info.access_groups`; for those of the
/// configuration, a record of the group names them.
extension AccessGroupOffice {
    /// `POST /access_group/new`.
    package func newModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let name = request.body.string("access_group") ?? ""
        guard !name.isEmpty, name.utf8.count <= 256 else {
            throw .bad("access_group has to be a text of 1 to 256 bytes.", "access_group")
        }
        let wanted = try Self.wanted(request.body)
        let (desk, requester) = (desk, request.requester)
        return try await desk.write { session in
            let rows = try ModelRow.all(desk, session)
            guard !rows.contains(where: { $0.groups.contains(name) }),
                try session.entity(.accessGroups, ModelGroupMembership.id(name)) == nil
            else {
                throw OfficeFault.conflict(
                    "Access group '\(name)' already exists. Use PUT /access_group/\(name)/update to modify it.",
                    "access_group")
            }
            let count = try Self.set(name, wanted, try Self.chosen(wanted, rows), rows, desk, session, requester)
            return Self.answer(name, wanted, count)
        }
    }

    /// `PUT /access_group/{access_group}/update`: the group is these from now on.
    package func updateModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let name = request.path["access_group"] ?? ""
        let wanted = try Self.wanted(request.body)
        let (desk, requester) = (desk, request.requester)
        return try await desk.write { session in
            let rows = try ModelRow.all(desk, session)
            try Self.check(name, rows)
            let chosen = try Self.chosen(wanted, rows)
            try Self.refuseFixed(name, rows.filter { row in !chosen.contains { $0.id == row.id } })
            return Self.answer(name, wanted, try Self.set(name, wanted, chosen, rows, desk, session, requester))
        }
    }

    /// `DELETE /access_group/{access_group}/delete`.
    package func deleteModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let name = request.path["access_group"] ?? ""
        let (desk, requester) = (desk, request.requester)
        return try await desk.write { session in
            let rows = try ModelRow.all(desk, session)
            try Self.check(name, rows)
            try Self.refuseFixed(name, rows)
            let count = try Self.set(name, Wanted(names: [], ids: []), [], rows, desk, session, requester)
            let answer: JSONObject = [
                "access_group": .string(name), "models_updated": .int(count),
                "message": .string("Access group '\(name)' deleted successfully"),
            ]
            return OfficeAnswer(answer)
        }
    }

    /// `GET /access_group/list`.
    package func listModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.read { session in
            let rows = try ModelRow.all(desk, session)
            let names = rows.reduce(into: [String]()) { $0 = $0.union($1.groups) }.sorted()
            let answer: JSONObject = ["access_groups": .array(names.map { .object(Self.summary($0, rows)) })]
            return OfficeAnswer(answer)
        }
    }

    /// `GET /access_group/{access_group}/info`.
    package func infoModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, name) = (desk, request.path["access_group"] ?? "")
        return try await desk.read { session in
            let rows = try ModelRow.all(desk, session)
            try Self.check(name, rows)
            return OfficeAnswer(Self.summary(name, rows))
        }
    }

    // MARK: Which deployments

    private struct Wanted: Sendable {
        let names: [String]
        let ids: [String]
    }

    /// `model_ids` counts where both are given, as in LiteLLM.
    private static func wanted(_ body: JSONObject) throws(OfficeFault) -> Wanted {
        let (names, ids) = (body.strings("model_names"), body.strings("model_ids"))
        guard !names.isEmpty || !ids.isEmpty else {
            throw .bad("Either model_names or model_ids is required, with at least one of them.", "model_names")
        }
        return ids.isEmpty ? Wanted(names: names, ids: []) : Wanted(names: [], ids: ids)
    }

    private static func chosen(_ wanted: Wanted, _ rows: [ModelRow]) throws(OfficeFault) -> [ModelRow] {
        let lostIDs = wanted.ids.filter { id in !rows.contains { $0.id == id } }
        let lostNames = wanted.names.filter { name in !rows.contains { $0.name == name } }
        guard lostIDs.isEmpty, lostNames.isEmpty else {
            throw .bad("Model(s) not found: \((lostNames + lostIDs).prefix(20).joined(separator: ", "))", "model_names")
        }
        return rows.filter { wanted.ids.contains($0.id) || wanted.names.contains($0.name) }
    }

    private static func check(_ name: String, _ rows: [ModelRow]) throws(OfficeFault) {
        guard rows.contains(where: { $0.groups.contains(name) }) else {
            throw .notFound("Access group '\(name)' not found")
        }
    }

    /// What the configuration file itself puts into the group cannot be taken out of it here.
    private static func refuseFixed(_ name: String, _ leaving: [ModelRow]) throws(OfficeFault) {
        let fixed = leaving.filter { !$0.isStored && $0.info.strings("access_groups").contains(name) }
        guard fixed.isEmpty else {
            throw .bad(
                "\(fixed.prefix(5).map(\.id).joined(separator: ", ")) of the configuration file is in '\(name)' by its "
                    + "model_info.access_groups: change it there.", "access_group")
        }
    }

    // MARK: Changes

    /// Makes the group hold exactly `chosen`; how many of them there are now.
    private static func set(
        _ name: String, _ wanted: Wanted, _ chosen: [ModelRow], _ rows: [ModelRow], _ desk: Desk,
        _ session: any StoreSession, _ requester: Requester
    ) throws -> Int {
        let ids = Set(chosen.map(\.id))
        for row in rows.filter(\.isStored).sorted(by: { $0.id < $1.id })
        where row.groups.contains(name) != ids.contains(row.id) {
            guard let entity = try session.entityForUpdate(.models, row.id) else { continue }
            var document = entity.document
            var info = document.object("model_info") ?? JSONObject()
            let groups = info.strings("access_groups")
            info["access_groups"] = .strings(ids.contains(row.id) ? groups.union([name]) : groups.filter { $0 != name })
            document["model_info"] = .object(info)
            try session.update(desk.changed(entity, document, by: requester))
            try desk.audit(
                session, requester, "updated", .models, row.id, before: DocumentSeal.hidden(entity.document),
                after: DocumentSeal.hidden(document))
        }
        // By name where a name was given: ids of the configuration change with what they stand for.
        let configured = chosen.filter { !$0.isStored && !$0.info.strings("access_groups").contains(name) }
        let group = ModelGroupMembership(
            name: name, modelNames: wanted.names.filter { name in configured.contains { $0.name == name } },
            modelIDs: wanted.ids.filter { id in configured.contains { $0.id == id } })
        try keep(group, desk, session, requester)
        return chosen.isEmpty ? rows.filter { $0.groups.contains(name) }.count : chosen.count
    }

    private static func keep(
        _ group: ModelGroupMembership, _ desk: Desk, _ session: any StoreSession, _ requester: Requester
    ) throws {
        let id = ModelGroupMembership.id(group.name)
        let old = try session.entityForUpdate(.accessGroups, id)
        if group.modelIDs.isEmpty, group.modelNames.isEmpty {
            guard let old else { return }
            try session.delete(.accessGroups, ids: [id])
            try desk.audit(session, requester, "deleted", .accessGroups, id, before: old.document, after: nil)
        } else if let old {
            try session.update(desk.changed(old, group.document, by: requester))
            try desk.audit(
                session, requester, "updated", .accessGroups, id, before: old.document, after: group.document)
        } else {
            try session.insert(desk.entity(.accessGroups, id, group.document, by: requester))
            try desk.audit(session, requester, "created", .accessGroups, id, before: nil, after: group.document)
        }
    }

    // MARK: Answers

    private static func answer(_ name: String, _ wanted: Wanted, _ count: Int) -> OfficeAnswer {
        let answer: JSONObject = [
            "access_group": .string(name),
            "model_names": wanted.ids.isEmpty ? .strings(wanted.names) : .null,
            "model_ids": wanted.ids.isEmpty ? .null : .strings(wanted.ids),
            "models_updated": .int(count),
        ]
        return OfficeAnswer(answer)
    }

    private static func summary(_ name: String, _ rows: [ModelRow]) -> JSONObject {
        let members = rows.filter { $0.groups.contains(name) }
        let names = members.reduce(into: [String]()) { $0 = $0.union([$1.publicName]) }
        return [
            "access_group": .string(name), "model_names": .strings(names), "deployment_count": .int(members.count),
        ]
    }
}
