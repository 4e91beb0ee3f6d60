import NIOCore
package import WeirCore
import WeirWire

/// Members of a request that would choose its backend or its credentials: refused, unless the deployment lists them in
/// `configurable_clientside_auth_params`.
package enum ClientCredentials {
    private static let names: [StaticString] = [
        "api_base", "base_url", "api_key", "user_config", "model_list", "custom_llm_provider",
        "litellm_credential_name",
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_role_name", "aws_sts_endpoint",
        "aws_web_identity_token", "aws_bedrock_runtime_endpoint", "vertex_credentials", "azure_ad_token",
    ]

    /// The first such member, and its name. Costs a comparison of lengths for each member of an ordinary request.
    static func named(in call: ModelCall) -> (name: String, member: JSONMember)? {
        call.body.withUnsafeReadableBytes { bytes in
            for member in call.members where member.key.count >= 7 {
                for name in names
                where name.utf8CodeUnitCount == member.key.count && JSONText.equals(bytes, member.key, name) {
                    return ("\(name)", member)
                }
            }
            return nil
        }
    }

    /// The call brings a backend or credentials of its own.
    package static func areBrought(by call: ModelCall) -> Bool { named(in: call) != nil }

    /// Refuses a call that names a backend where that is not allowed; for models that ask no upstream.
    package static func refuse(_ call: ModelCall, at deployment: PreparedDeployment) throws(GatewayFault) {
        if let (name, _) = named(in: call), !deployment.settings.clientCredentials.contains(name) {
            throw refusal(name)
        }
    }

    /// The deployment as this call wants it, and the call without the members that say so. Throws `credentialsInBody` for a
    /// member that is not allowed, `invalidParameter` for a value that cannot be used.
    static func applied(
        to target: PreparedDeployment, _ call: ModelCall, _ first: (name: String, member: JSONMember)
    ) throws(GatewayFault) -> (target: PreparedDeployment, call: ModelCall) {
        var settings = target.settings
        var rest = call
        var next: (name: String, member: JSONMember)? = first
        while let (name, member) = next {
            guard target.settings.clientCredentials.contains(name) else { throw refusal(name) }
            let text = rest.body.withUnsafeReadableBytes { try? JSONText.string($0, member.value) }
            switch (name, text) {
            case ("api_key", .some(let key)) where key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }):
                settings.key = Secret(key)
            case ("api_base", .some(let base)), ("base_url", .some(let base)):
                guard let url = BaseURL(base, tlsIdentity: settings.base?.address.tlsIdentity ?? 0) else { fallthrough }
                settings.base = url
                // What shows who we are is not for another's server.
                if call.member("api_key") == nil { settings.key = nil }
                settings.extraFields = []
                settings.organization = nil
            default:
                throw GatewayFault(.invalidParameter, "'\(name)' has a value that cannot be used.", param: name)
            }
            rest = without(member, rest)
            next = named(in: rest)
        }
        return (PreparedDeployment(target.deployment, settings, basePath: nil), rest)
    }

    /// The call without this member: its body is written anew.
    private static func without(_ member: JSONMember, _ call: ModelCall) -> ModelCall {
        var patch = JSONPatch(members: call.members)
        patch.remove(member)
        var body = Bytes()
        for piece in (try? patch.pieces(of: call.body)) ?? [] { body.writeImmutableBuffer(piece) }
        let members = body.withUnsafeReadableBytes { try? JSONScanner.scan($0).members } ?? []
        let model = body.withUnsafeReadableBytes { bytes in
            members.first { JSONText.equals(bytes, $0.key, "model") }?.value
        }
        return ModelCall(
            operation: call.operation, model: call.model, body: body, members: members, modelRange: model,
            streams: call.streams, wantsUsage: call.wantsUsage, contentType: call.contentType)
    }

    private static func refusal(_ name: String) -> GatewayFault {
        GatewayFault(
            .credentialsInBody,
            "'\(name)' is not allowed in a request: it would choose the backend. An admin can allow it for a model with "
                + "configurable_clientside_auth_params.", param: name)
    }
}
