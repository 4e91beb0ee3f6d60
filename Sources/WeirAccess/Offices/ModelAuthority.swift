import WeirCore

/// Who may add, change and delete a deployment.
enum ModelAuthority {
    /// An admin may; the others only what belongs to a team that they are an admin of, or to a team of their organisation.
    static func check(_ requester: Requester, team id: String?, _ session: any StoreSession) throws {
        if requester.isAdmin {
            guard let id, try session.entity(.teams, id) == nil else { return }
            throw OfficeFault.notFound("Team doesn't exist in db. Team=\(id). Create it via /team/new.")
        }
        if let id, let user = requester.userID, requester.role != .proxyAdminViewer,
            requester.role != .internalUserViewer
        {
            if try session.membership(.team, id, user: user)?.role == "admin" { return }
            if let organization = try session.entity(.teams, id)?.document.string("organization_id"),
                try session.membership(.organization, organization, user: user)?.role == Role.orgAdmin.rawValue
            {
                return
            }
        }
        throw OfficeFault.forbidden(
            "User does not have permission to make this model call. Your role=\(requester.role.rawValue). You can only "
                + "make model calls if you are a PROXY_ADMIN or if you are a team admin, by specifying a team_id in the "
                + "model_info.")
    }

    /// What somebody else than an admin may not put into a model of his team: what would give him the gateway's own
    /// environment, or credentials that are not his, to send wherever he likes.
    static func check(_ requester: Requester, params: JSONObject, before: JSONObject?) throws(OfficeFault) {
        if requester.isAdmin { return }
        let references = SecretMembers.places(params).filter(\.isReference)
        let known = Set(before.map { SecretMembers.places($0).filter(\.isReference).map(\.path) } ?? [])
        if let place = references.first(where: { !known.contains($0.path) }) {
            throw .forbidden("\(place.path.dropFirst()): only a proxy admin may name variables of the environment.")
        }
        // Without one the gateway's own would be taken from its environment, and sent to an address of his choice.
        let asksNobody = params.value("mock_response") != nil || params.string("model")?.hasPrefix("echo/") == true
        guard params.value("api_key") != nil || asksNobody else {
            throw .forbidden(
                "api_key: a team's model brings its own key, for the gateway's are not its admins' to use. Where none is "
                    + "needed, any text will do.")
        }
        if let name = params.string("litellm_credential_name"), name != before?.string("litellm_credential_name") {
            throw .forbidden("litellm_credential_name: only a proxy admin may use stored credentials.")
        }
        guard let before else { return }
        let moved = ["api_base", "base_url", "model", "custom_llm_provider"].contains { params[$0] != before[$0] }
        let kept = SecretMembers.places(params).contains { $0.isReference || SealedText.isSealed($0.text) }
        if moved, kept || before.string("litellm_credential_name") != nil {
            throw .forbidden(
                "Where a model's requests go can be changed only together with all of its secrets: give them anew.")
        }
    }
}
