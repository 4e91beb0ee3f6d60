import WeirCore

extension CredentialOffice {
    /// What of a model's parameters is a credential, after LiteLLM's `CredentialLiteLLMParams`.
    private static let credentialParams: Set<String> = [
        "api_key", "api_base", "api_version", "vertex_project", "vertex_location", "vertex_credentials", "region_name",
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_region_name", "watsonx_region_name",
        "tenant_id", "client_id", "client_secret", "azure_ad_token",
    ]

    /// `GET /credentials`.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let configured = desk.models.credentials().map { JSONValue.object(Self.item($0, source: "config")) }
        return try await desk.read { session in
            let stored = try EntityWalk.all(.credentials, session).map {
                JSONValue.object(try Self.item($0, desk, session))
            }
            let answer: JSONObject = ["success": true, "credentials": .array(stored + configured)]
            return OfficeAnswer(answer)
        }
    }

    /// `GET /credentials/by_name/{credential_name}`.
    package func byName(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, name) = (desk, request.path["credential_name"] ?? "")
        if let configured = desk.models.credentials().first(where: { $0.string("credential_name") == name }) {
            return OfficeAnswer(Self.item(configured, source: "config"))
        }
        return try await desk.read { session in
            guard let entity = try session.entity(.credentials, name) else { throw Self.missing(name) }
            return OfficeAnswer(try Self.item(entity, desk, session))
        }
    }

    /// `GET /credentials/by_model/{model_id}`: what of the model's own parameters is a credential.
    package func byModel(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, id) = (desk, request.path["model_id"] ?? "")
        return try await desk.read { session in
            let name: String
            let params: JSONObject
            if let entity = try session.entity(.models, id) {
                name = entity.document.string("model_name") ?? ""
                let shown = try DocumentSeal(desk.vault, entity).masked(entity.document, session)
                params = shown.object("litellm_params") ?? JSONObject()
            } else if let model = desk.models.deployed().first(where: { $0.id == id && !$0.isStored }) {
                (name, params) = (model.name, model.params)
            } else {
                throw OfficeFault.notFound("Model not found. Got model ID: \(id)")
            }
            return OfficeAnswer(
                Self.item(
                    name: "\(name)-credential-\(id)", display: nil, info: JSONObject(),
                    values: Self.credential(in: params),
                    source: "db"))
        }
    }

    /// The values of the model's own parameters, opened.
    static func values(of id: String, _ desk: Desk, _ session: any StoreSession) throws -> JSONObject {
        guard let entity = try session.entity(.models, id) else {
            throw OfficeFault.notFound(
                "Model not found. Got model ID: \(id). Only models of the database can be taken credentials from.")
        }
        let plain = try DocumentSeal(desk.vault, entity).opened(entity.document, session)
        let values = credential(in: plain.object("litellm_params") ?? JSONObject())
        guard !values.isEmpty else {
            throw OfficeFault.bad("Model \(id) has no credential values of its own.", "model_id")
        }
        return values
    }

    private static func credential(in params: JSONObject) -> JSONObject {
        JSONObject(params.members.filter { credentialParams.contains($0.name) })
    }

    private static func item(_ entity: Entity, _ desk: Desk, _ session: any StoreSession) throws -> JSONObject {
        let shown = try DocumentSeal(desk.vault, entity).masked(entity.document, session)
        return item(
            name: entity.id, display: shown.string("display_name"),
            info: shown.object("credential_info") ?? JSONObject(),
            values: shown.object("credential_values") ?? JSONObject(), source: "db")
    }

    private static func item(_ configured: JSONObject, source: String) -> JSONObject {
        let bare = DocumentSeal.hidden(configured)
        return item(
            name: configured.string("credential_name") ?? "", display: nil,
            info: bare.object("credential_info") ?? JSONObject(),
            values: bare.object("credential_values") ?? JSONObject(), source: source)
    }

    private static func item(
        name: String, display: String?, info: JSONObject, values: JSONObject, source: String
    ) -> JSONObject {
        [
            "credential_name": .string(name),
            "display_name": display.map { .string($0) } ?? .null,
            "credential_info": .object(info),
            "credential_values": .object(values),
            "source": .string(source),
        ]
    }
}
