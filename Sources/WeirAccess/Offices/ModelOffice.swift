import WeirCore

extension Offices {
    package var models: ModelOffice { ModelOffice(desk) }
}

/// Deployments that are added, changed and looked at while Weir runs. Those of the configuration can be looked at only.
package struct ModelOffice: Sendable {
    let desk: Desk

    package init(_ desk: Desk) { self.desk = desk }

    /// `POST /model/new`.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let draft = try ModelDraft(request, newID: desk.newID())
        try refuseUnlessStored(draft.id, isNew: true)
        if DocumentSeal.hasSecrets(draft.document) { try await desk.vault.prepare(.models, desk) }
        let desk = desk
        return try await desk.write { session in
            try ModelAuthority.check(request.requester, team: draft.team, session)
            guard try session.entity(.models, draft.id) == nil else {
                throw OfficeFault.conflict(
                    "A model with model_info.id=\(draft.id) exists already; use /model/update, or another id.", "id")
            }
            let sealed = try draft.settled(desk, session, request.requester)
            let entity = desk.entity(.models, draft.id, sealed, by: request.requester)
            try session.insert(entity)
            try TeamModels.link(entity, desk, session, request.requester)
            try desk.audit(
                session, request.requester, "created", .models, draft.id, before: nil,
                after: DocumentSeal.hidden(sealed))
            return OfficeAnswer(try ModelAnswer.stored(entity, desk, session))
        }
    }

    /// `POST /model/delete`.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.body.string("id") ?? ""
        try refuseUnlessStored(id)
        let desk = desk
        return try await desk.write { session in
            let entity = try Self.stored(id, session)
            try ModelAuthority.check(request.requester, team: entity.document.string("team_id"), session)
            try session.delete(.models, ids: [id])
            try TeamModels.unlink(entity, desk, session, request.requester)
            try desk.audit(
                session, request.requester, "deleted", .models, id, before: DocumentSeal.hidden(entity.document),
                after: nil)
            return OfficeAnswer(["message": .string("Model: \(id) deleted successfully")] as JSONObject)
        }
    }

    /// `POST /model/block`.
    package func block(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await set(blocked: true, request)
    }

    /// `POST /model/unblock`.
    package func unblock(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await set(blocked: false, request)
    }

    private func set(blocked: Bool, _ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.body.string("model_id") ?? ""
        try refuseUnlessStored(id)
        let desk = desk
        return try await desk.write { session in
            let entity = try Self.stored(id, session)
            try ModelAuthority.check(request.requester, team: entity.document.string("team_id"), session)
            var document = entity.document
            document["blocked"] = .bool(blocked)
            let changed = desk.changed(entity, document, by: request.requester)
            try session.update(changed)
            try desk.audit(
                session, request.requester, blocked ? "blocked" : "unblocked", .models, id,
                before: DocumentSeal.hidden(entity.document), after: DocumentSeal.hidden(document))
            return OfficeAnswer(try ModelAnswer.stored(changed, desk, session))
        }
    }

    // MARK: What may be changed

    /// Models may be kept in the store, and this one is none of the configuration's.
    func refuseUnlessStored(_ id: String, isNew: Bool = false) throws(OfficeFault) {
        guard desk.policy.storesModels else {
            throw .bad("Set `'STORE_MODEL_IN_DB='True'` in your env to enable this feature.")
        }
        guard desk.models.deployed().contains(where: { $0.id == id && !$0.isStored }) else { return }
        throw .bad(
            isNew
                ? "A model with model_info.id=\(id) is in the configuration already; give it another id."
                : "Cannot change a config-based model: \(id) comes from the configuration file. Change it there, or add "
                    + "a model via /model/new.", "id")
    }

    static func stored(_ id: String, _ session: any StoreSession) throws -> Entity {
        guard let entity = try session.entityForUpdate(.models, id) else {
            throw OfficeFault.notFound("Model with id=\(id) not found in db")
        }
        return entity
    }
}
