import WeirCore

extension Offices {
    package var credentials: CredentialOffice { CredentialOffice(desk) }
}

/// Providers' credentials that models name (`litellm_credential_name`). Their values are sealed, and shown masked.
package struct CredentialOffice: Sendable {
    private static let longestName = 256

    let desk: Desk

    package init(_ desk: Desk) { self.desk = desk }

    /// `POST /credentials`.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let body = request.body
        let name = body.string("credential_name") ?? ""
        guard !name.isEmpty, name.utf8.count <= Self.longestName else {
            throw .bad("credential_name has to be a text of 1 to \(Self.longestName) bytes.", "credential_name")
        }
        guard !isConfigured(name) else {
            throw .conflict(
                "Credential \(name) is in the configuration already; give it another name.", "credential_name")
        }
        let values = body.value("credential_values")?.object
        let model = body.value("model_id")?.string
        guard (values == nil) != (model == nil) else {
            throw .bad("Give either credential_values or model_id.", "credential_values")
        }
        try SecretMembers.refuseUnsealable(body)
        try await prepareIfNeeded(body, takesModel: model != nil)
        let desk = desk
        return try await desk.write { session in
            guard try session.entity(.credentials, name) == nil else {
                throw OfficeFault.conflict(
                    "Credential \(name) exists already; use PATCH /credentials/\(name), or another name.",
                    "credential_name")
            }
            var document: JSONObject = [
                "credential_info": .object(Self.present(body.object("credential_info"))),
                "credential_values": .object(
                    Self.present(try values ?? model.map { try Self.values(of: $0, desk, session) })),
            ]
            if let display = body.value("display_name") { document["display_name"] = display }
            let sealed = try DocumentSeal(desk.vault, .credentials, name).sealed(document, session, desk)
            try session.insert(desk.entity(.credentials, name, sealed, by: request.requester))
            try desk.audit(
                session, request.requester, "created", .credentials, name, before: nil,
                after: DocumentSeal.hidden(sealed))
            return Self.success("Credential created successfully")
        }
    }

    /// `PATCH /credentials/{credential_name}`: what the request does not name stays.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (body, name) = (request.body, request.path["credential_name"] ?? "")
        try refuseConfigured(name)
        if let other = body.value("credential_name")?.string, other != name {
            throw .bad(
                "A credential cannot be renamed, because models name it: add \(other) and let them name that.",
                "credential_name")
        }
        try SecretMembers.refuseUnsealable(body)
        let model = body.value("model_id")?.string
        try await prepareIfNeeded(body, takesModel: model != nil)
        let desk = desk
        return try await desk.write { session in
            let entity = try Self.stored(name, session)
            let seal = DocumentSeal(desk.vault, entity)
            var values = entity.document.object("credential_values") ?? JSONObject()
            if let model { values = values.merging(try Self.values(of: model, desk, session)) }
            let shown = try seal.masked(entity.document, session).object("credential_values") ?? JSONObject()
            for member in Self.present(body.object("credential_values")).members {
                // A value that comes back as it was shown is left as it is.
                let isShown = member.value == shown[member.name] && member.value.string?.contains("****") == true
                if !isShown { values[member.name] = member.value }
            }
            for gone in body.strings("credential_values_to_delete") { values[gone] = nil }
            var document = entity.document
            document["credential_values"] = .object(values)
            let info = entity.document.object("credential_info") ?? JSONObject()
            document["credential_info"] = .object(info.merging(Self.present(body.object("credential_info"))))
            if let display = body.value("display_name") { document["display_name"] = display }
            document = try seal.sealed(document, session, desk)
            try session.update(desk.changed(entity, document, by: request.requester))
            try desk.audit(
                session, request.requester, "updated", .credentials, name,
                before: DocumentSeal.hidden(entity.document), after: DocumentSeal.hidden(document))
            return Self.success("Credential updated successfully")
        }
    }

    /// `DELETE /credentials/{credential_name}`: refused while a model names it.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let name = request.path["credential_name"] ?? ""
        try refuseConfigured(name)
        let desk = desk
        return try await desk.write { session in
            let entity = try Self.stored(name, session)
            let users = try ModelRow.all(desk, session).filter {
                $0.params.string("litellm_credential_name") == name
            }
            guard users.isEmpty else {
                let ids = users.prefix(5).map(\.id).joined(separator: ", ")
                throw OfficeFault.bad(
                    "Credential \(name) is in use by \(users.count) model(s): \(ids). Let them name another one first.",
                    "credential_name")
            }
            try session.delete(.credentials, ids: [name])
            try desk.audit(
                session, request.requester, "deleted", .credentials, name,
                before: DocumentSeal.hidden(entity.document), after: nil)
            return Self.success("Credential deleted successfully")
        }
    }

    // MARK: Checks

    private func isConfigured(_ name: String) -> Bool {
        desk.models.credentials().contains { $0.string("credential_name") == name }
    }

    private func refuseConfigured(_ name: String) throws(OfficeFault) {
        guard isConfigured(name) else { return }
        throw .bad("Credential \(name) comes from the configuration file: change it there.", "credential_name")
    }

    private func prepareIfNeeded(_ body: JSONObject, takesModel: Bool) async throws(OfficeFault) {
        guard DocumentSeal.hasSecrets(body) || takesModel else { return }
        try await desk.vault.prepare(.credentials, desk)
    }

    static func stored(_ name: String, _ session: any StoreSession) throws -> Entity {
        guard let entity = try session.entityForUpdate(.credentials, name) else { throw missing(name) }
        return entity
    }

    static func missing(_ name: String) -> OfficeFault {
        .notFound("Credential not found. Got credential name: \(name)")
    }

    /// LiteLLM's clients send null for what they leave alone.
    private static func present(_ object: JSONObject?) -> JSONObject {
        JSONObject((object ?? JSONObject()).members.filter { !$0.value.isNull })
    }

    private static func success(_ message: String) -> OfficeAnswer {
        let answer: JSONObject = ["success": true, "message": .string(message)]
        return OfficeAnswer(answer)
    }
}
