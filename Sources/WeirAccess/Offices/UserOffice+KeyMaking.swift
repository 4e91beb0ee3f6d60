import WeirCore

/// The key that comes with a new user.
struct KeyMaking {
    /// Settings of the user that his key has as well.
    private static let kept = [
        "key_alias", "models", "aliases", "config", "permissions", "max_parallel_requests", "tpm_limit", "rpm_limit",
        "allowed_cache_controls", "model_max_budget", "budget_fallbacks", "team_id", "agent_id", "blocked",
    ]

    let desk: Desk
    let session: any StoreSession
    let requester: Requester

    /// Makes a key of `user` by the settings of `body`, with what the configuration says of keys. Throws 400 when its alias
    /// is taken, or when it would have more than `upperbound_key_generate_params`.
    func make(_ secret: Secret, _ given: JSONObject, of user: Entity) throws -> Entity {
        let terms = KeyTerms(policy: desk.policy)
        // What is left of the request is about the user and not about his key.
        let wanted = JSONObject(given.members.filter { Self.kept.contains($0.name) || $0.name == "duration" })
        let body = try terms.bounded(try terms.completed(wanted), fills: true)
        let now = desk.now
        let text = secret.revealed()
        var document: JSONObject = ["key_name": .string("sk-...\(text.suffix(4))"), "user_id": .string(user.id)]
        document = document.merging(RequestDraft.document(body, kept: Self.kept, within: UserRecords.within))
        if let home = user.document["organization_id"] { document["organization_id"] = home }
        if let duration = body.value("duration")?.string.flatMap({ DurationText($0) }) {
            document["expires"] = .int(duration.end(from: now))
        }
        if let alias = document.string("key_alias") { try check(alias, team: document.string("team_id")) }
        let key = desk.entity(.keys, KeyDigest(of: secret).hex, document, by: requester)
        try session.insert(key)
        try desk.audit(session, requester, "created", .keys, key.id, before: nil, after: document)
        return key
    }

    private func check(_ alias: String, team: String?) throws {
        let others = try session.entities(.keys, where: .keyAlias, is: alias, limit: 100)
        guard !others.contains(where: { $0.document.string("team_id") == team }) else {
            throw OfficeFault.bad(
                "Unique key aliases across all keys are required: a key with alias '\(alias)' already exists.",
                "key_alias")
        }
    }
}
