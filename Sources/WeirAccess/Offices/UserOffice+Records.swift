import WeirCore

/// Users within a transaction: how they are found and made, by whichever office needs one.
struct UserRecords {
    static let kept = [
        "user_email", "user_alias", "user_role", "models", "max_budget", "soft_budget", "budget_duration",
        "budget_limits", "budget_reset_at", "tpm_limit", "rpm_limit", "max_parallel_requests", "sso_user_id",
        "organization_id", "allowed_cache_controls", "model_max_budget", "policies", "object_permission",
    ]
    static let within = [
        "guardrails", "prompts", "model_rpm_limit", "model_tpm_limit", "mcp_rpm_limit", "tag_rpm_limit",
    ]

    let desk: Desk
    let session: any StoreSession
    let requester: Requester

    /// E-mails are kept and compared in lowercase, without blanks around them.
    static func email(_ text: String) -> String {
        var text = Substring(text.lowercased())
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    func find(email: String) throws(StoreFault) -> Entity? {
        try session.entities(.users, where: .userEmail, is: Self.email(email), limit: 1).first
    }

    /// By id, else by e-mail.
    func find(id: String?, email: String?) throws(StoreFault) -> Entity? {
        if let id, let user = try session.entity(.users, id) { return user }
        guard let email else { return nil }
        return try find(email: email)
    }

    /// The ids of his teams, in their order.
    func teams(of user: String) throws(StoreFault) -> [String] {
        try session.memberships(.team, ofUser: user).map(\.ownerID).sorted()
    }

    /// `body` with what `default_internal_user_params` says where it says nothing, for those whom that is meant for.
    func completed(_ body: JSONObject) -> JSONObject {
        let role = body.value("user_role")?.string
        guard role == nil || role == Role.internalUser.rawValue else { return body }
        var completed = body
        for member in desk.policy.defaultUserParams.members
        where completed.value(member.name) == nil && !member.value.isNull { completed[member.name] = member.value }
        if completed.value("user_role") == nil { completed["user_role"] = .string(Role.internalUser.rawValue) }
        return completed
    }

    /// Inserts a user, checked for doubles. Throws 409 for an id that is taken, 400 for an e-mail.
    func make(_ body: JSONObject, id: String, home: String?) throws -> Entity {
        guard try session.entity(.users, id) == nil else {
            throw OfficeFault.conflict("User with id \(id) already exists.", "user_id")
        }
        var document = try document(body, over: JSONObject(), of: id)
        if let home { document["organization_id"] = .string(home) }
        var user = desk.entity(.users, id, document, by: requester)
        user.spend = body.money("spend") ?? .zero
        try session.insert(user)
        try desk.audit(session, requester, "created", .users, id, before: nil, after: document)
        return user
    }

    /// What `body` makes of a user's document.
    func document(_ body: JSONObject, over old: JSONObject, of id: String) throws -> JSONObject {
        var body = body
        if let email = body.value("user_email")?.string.map(Self.email) {
            body["user_email"] = email.isEmpty ? .null : .string(email)
            if !email.isEmpty, let other = try find(email: email), other.id != id {
                throw OfficeFault.bad("User with email \(email) already exists.", "user_email")
            }
        }
        if let sso = body.value("sso_user_id")?.string,
            let other = try session.entities(.users, where: .ssoUserID, is: sso, limit: 1).first, other.id != id
        {
            throw OfficeFault.bad("User with sso_user_id \(sso) already exists.", "sso_user_id")
        }
        try BudgetFields.check(body, at: desk.now)
        let document = RequestDraft.timed(
            RequestDraft.document(body, over: old, kept: Self.kept, within: Self.within), body, of: .users, desk)
        try RequestDraft.checkBudgets(document)
        return document
    }

    /// The user with this id or e-mail; made when there is none, as an internal user.
    func ensure(id: String?, email: String?, home: String? = nil) throws -> Entity {
        if let user = try find(id: id, email: email) { return user }
        var body = JSONObject()
        if let email { body["user_email"] = .string(email) }
        return try make(completed(body), id: id ?? desk.newID(), home: home)
    }
}
