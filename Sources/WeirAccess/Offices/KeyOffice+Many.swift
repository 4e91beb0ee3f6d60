import WeirCore

extension KeyOffice {
    private static let greatestBulk = 500

    /// `POST /key/bulk_update`: each key is changed as a whole or not at all, and the answer tells which.
    package func bulkUpdate(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let items = request.body["keys"]?.array ?? []
        guard (1...Self.greatestBulk).contains(items.count) else {
            throw .bad("keys: 1 to \(Self.greatestBulk) are taken at once; these are \(items.count).", "keys")
        }
        var wanted: [Wanted] = []
        for (number, item) in items.enumerated() {
            guard let object = item.object else {
                throw .form([.init("keys", "dict_type", "keys[\(number)]: Input should be a valid dictionary")])
            }
            let body = try KeyForms.bulkItem.read(object).values
            wanted.append(Wanted(name: body.string("key") ?? "", body: try changes(body)))
        }
        return try await change(wanted, request.requester, .update, of: nil)
    }

    /// `POST /team/key/bulk_update`: the same change to many keys of a team.
    package func bulkUpdateOfTeam(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (requester, teamID) = (request.requester, request.body.string("team_id") ?? "")
        let (names, takesAll) = (request.body.strings("key_ids"), request.body.bool("all_keys_in_team") ?? false)
        guard names.isEmpty == takesAll else {
            throw .form([
                .init(
                    "key_ids", "value_error",
                    takesAll
                        ? "Provide either `key_ids` or `all_keys_in_team=True`, not both."
                        : "Must provide either `key_ids` (non-empty) or `all_keys_in_team=True`.")
            ])
        }
        let filled = try KeyForms.teamBulkFields.read(request.body.object("update_fields") ?? JSONObject())
        guard filled.unknown.isEmpty, !filled.values.isEmpty else {
            throw .form(
                filled.unknown.isEmpty
                    ? [
                        .init(
                            "update_fields", "value_error",
                            "update_fields must specify at least one field to update.")
                    ]
                    : filled.unknown.map {
                        .init("update_fields.\($0)", "extra_forbidden", "cannot be set for many keys at once")
                    })
        }
        let body = try changes(filled.values)
        let hashes = try await desk.read { session -> [String] in
            let rights = KeyRights(requester: requester, session: session)
            try rights.requireWriter()
            try rights.require(.updateOfTeam, in: try team(teamID, rights))
            guard takesAll else { return names }
            return try session.entities(.keys, where: .teamID, is: teamID, limit: Self.greatestBulk + 1).map(\.id)
        }
        guard hashes.count <= Self.greatestBulk else {
            throw .bad(
                "At most \(Self.greatestBulk) keys are changed at once, these are more. Name them in key_ids.",
                "key_ids")
        }
        return try await change(
            hashes.map { Wanted(name: $0, body: body) }, requester, .updateOfTeam, of: teamID)
    }

    /// A key and what is to become of it.
    private struct Wanted: Sendable {
        let name: String
        let body: JSONObject
    }

    private enum Outcome: Sendable {
        case changed(Entity)
        case refused(String)
    }

    private func change(
        _ wanted: [Wanted], _ requester: Requester, _ action: KeyRights.Action, of teamID: String?
    ) async throws(OfficeFault) -> OfficeAnswer {
        let outcomes = try await desk.write { session -> [Outcome] in
            let rights = KeyRights(requester: requester, session: session)
            try rights.requireWriter()
            return try wanted.map { one in
                do {
                    let key = try self.key(one.name, for: action, rights)
                    guard teamID == nil || key.document.string("team_id") == teamID else {
                        return .refused("The key does not belong to team \(teamID ?? "").")
                    }
                    return .changed(try change(key, one.body, rights))
                } catch let fault as OfficeFault {
                    return .refused(fault.message)
                }
            }
        }
        var (changed, refused): ([JSONValue], [JSONValue]) = ([], [])
        for (one, outcome) in zip(wanted, outcomes) {
            // What was asked for by its key is answered by its key: the caller has it already.
            switch outcome {
            case .changed(let key):
                changed.append(["key": .string(one.name), "key_info": .object(answers.info(key, at: desk.now))])
            case .refused(let reason):
                refused.append(["key": .string(one.name), "key_info": nil, "failed_reason": .string(reason)])
            }
        }
        return OfficeAnswer(
            [
                "total_requested": .int(wanted.count), "successful_updates": .array(changed),
                "failed_updates": .array(refused),
            ] as JSONObject)
    }
}
