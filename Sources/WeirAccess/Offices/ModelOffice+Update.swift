import WeirCore

extension ModelOffice {
    /// `POST /model/update`.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        guard let id = request.body.object("model_info")?.string("id"), !id.isEmpty else {
            throw .bad("model_info.id is missing: it says which model to update.", "model_info.id")
        }
        return try await change(id, request)
    }

    /// `PATCH /model/{model_id}/update`.
    package func patch(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await change(request.path["model_id"] ?? "", request)
    }

    private func change(_ id: String, _ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try refuseUnlessStored(id)
        let (desk, requester) = (desk, request.requester)
        if DocumentSeal.hasSecrets(request.body) { try await desk.vault.prepare(.models, desk) }
        return try await desk.write { session in
            guard let entity = try session.entityForUpdate(.models, id) else {
                throw OfficeFault.notFound("Model \(id) not found on proxy.")
            }
            try ModelAuthority.check(requester, team: entity.document.string("team_id"), session)
            let draft = try ModelDraft(entity, changedBy: request.body, desk, session)
            let sealed = try draft.settled(desk, session, requester)
            let changed = desk.changed(entity, sealed, by: requester)
            try session.update(changed)
            if sealed.string("model_name") != entity.document.string("model_name") {
                try TeamModels.unlink(entity, desk, session, requester)
                try TeamModels.link(changed, desk, session, requester)
            }
            try desk.audit(
                session, requester, "updated", .models, id, before: DocumentSeal.hidden(entity.document),
                after: DocumentSeal.hidden(sealed))
            return OfficeAnswer(try ModelAnswer.stored(changed, desk, session))
        }
    }
}
