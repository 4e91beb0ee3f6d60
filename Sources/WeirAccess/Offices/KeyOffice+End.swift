import WeirCore

extension KeyOffice {
    // MARK: Deleting

    /// `POST /key/delete`: all of them, or none.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let requester = request.requester
        let (names, aliases) = (
            Self.unique(request.body.strings("keys")), Self.unique(request.body.strings("key_aliases"))
        )
        guard !names.isEmpty || !aliases.isEmpty else {
            throw .form([
                .init("keys", "value_error", "At least one of 'keys' or 'key_aliases' must be provided.")
            ])
        }
        try await desk.write { session in
            let rights = KeyRights(requester: requester, session: session)
            try rights.requireWriter()
            let hashes = try names.map(Self.hash) + aliases.flatMap { try named($0, rights) }
            let found = try requireKeys(Set(hashes).sorted(), of: names.count + aliases.count, rights)
            for key in found {
                try rights.require(.delete, on: key)
                try audit(rights, "deleted", before: key, after: nil)
            }
            try session.delete(.keys, ids: found.map(\.id))
        }
        return OfficeAnswer(["deleted_keys": .strings(names + aliases)] as JSONObject)
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The one key with this alias; of several, in several teams, the one that the requester may delete.
    private func named(_ alias: String, _ rights: KeyRights) throws -> [String] {
        let all = try rights.session.entities(.keys, where: .keyAlias, is: alias, limit: 100)
        let deletable = all.count < 2 ? all : all.filter { (try? rights.require(.delete, on: $0)) != nil }
        guard deletable.count < 2 else {
            throw OfficeFault.bad(
                "Multiple keys share key_alias='\(alias)', so it cannot be used as an identifier. Name them in keys.",
                "key_aliases")
        }
        guard let key = deletable.first ?? all.first else {
            throw rights.requester.oversees ? Self.noKeys : rights.unknown(.delete)
        }
        return [key.id]
    }

    private func requireKeys(_ hashes: [String], of asked: Int, _ rights: KeyRights) throws -> [Entity] {
        for hash in hashes { try refuseMaster(hash) }
        let found = try rights.session.entities(.keys, ids: hashes).sorted { $0.id < $1.id }
        guard found.count < hashes.count else { return found }
        guard rights.requester.oversees else { throw rights.unknown(.delete) }
        guard !found.isEmpty else { throw Self.noKeys }
        let missing = Set(hashes).subtracting(found.map(\.id)).sorted()
        throw OfficeFault(
            404,
            "Not all keys passed in were found, so none was deleted. Not found, by their hashes: "
                + missing.prefix(10).joined(separator: ", "), type: "not_found_error", param: "keys")
    }

    // MARK: Replacing

    /// `POST /key/regenerate` and `/key/{key}/regenerate`: another key with the settings of the old one, which stops at
    /// once or, with `grace_period`, goes on working that long.
    package func regenerate(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (requester, now) = (request.requester, desk.now)
        guard request.body.value("new_master_key") == nil else {
            throw .bad(
                "The master key is set in the gateway's configuration; change it there.", "new_master_key")
        }
        guard let name = request.path["key"] ?? request.query["key"] ?? request.body.string("key"), !name.isEmpty else {
            throw .form([.init("key", "missing", "Field required")])
        }
        let grace = try KeyRules.grace(request.body.string("grace_period"))
        let body = try changes(request.body)
        let chosen = request.body.string("new_key").flatMap { $0.isEmpty ? nil : $0 }
        let new =
            try chosen.map { text throws(OfficeFault) in
                try KeyRules.chosen(text, desk.policy, field: "new_key")
            } ?? desk.newKey()
        let made = try await desk.write { session -> Entity in
            let rights = KeyRights(requester: requester, session: session)
            let old = try key(name, for: .regenerate, rights)
            if Self.setsAnew(body) { try rights.require(.update, on: old) }
            let made = try replacement(of: old, new, body, rights)
            try requireFree(made.id, at: now, session)
            try session.delete(.keys, ids: [old.id])
            try session.insert(made)
            if let grace { try retire(old, for: made, until: now + grace, rights) }
            try auditReplacement(of: old, by: made, rights)
            return made
        }
        return OfficeAnswer(answers.issued(made, key: new))
    }

    private func replacement(
        of old: Entity, _ new: Secret, _ body: JSONObject, _ rights: KeyRights
    ) throws -> Entity {
        let revised = try revised(old, body, rights)
        var document = revised.document
        let now = desk.now
        document["key_name"] = .string(KeyDocument.name(of: new))
        document["rotation_count"] = .int((document.int("rotation_count") ?? 0) + 1)
        document["last_rotation_at"] = .int(now)
        KeyDocument.beginRotation(&document, at: now)
        return Entity(
            kind: .keys, id: KeyDigest(of: new).hex, document: document, spend: revised.spend,
            createdAt: old.createdAt, updatedAt: now, createdBy: old.createdBy, updatedBy: rights.requester.name)
    }

    private func retire(_ old: Entity, for made: Entity, until moment: Int64, _ rights: KeyRights) throws {
        try rights.session.insert(
            desk.entity(
                .retiredKeys, old.id, ["active": .string(made.id), "revoke_at": .int(moment)], by: rights.requester))
    }

    /// Told of the new hash, with the old one in what was before.
    private func auditReplacement(of old: Entity, by made: Entity, _ rights: KeyRights) throws {
        let before = old.document.merging(["token": .string(old.id)])
        let after = made.document.merging(["token": .string(made.id)])
        try desk.audit(
            rights.session, rights.requester, "rotated", .keys, made.id, before: before, after: after)
    }
}
