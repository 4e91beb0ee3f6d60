import WeirCore

extension Offices {
    /// Virtual keys.
    package var keys: KeyOffice { KeyOffice(desk) }
}

/// Makes, shows, changes and takes back virtual keys. Of a key only its digest is kept: it is shown once, by the answer to
/// the request that made it.
package struct KeyOffice: Sendable {
    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    var answers: KeyAnswer { KeyAnswer(compat: desk.policy.compat) }
    var terms: KeyTerms { KeyTerms(policy: desk.policy) }

    // MARK: Finding

    /// The digest of a key, which may also be given as such.
    static func hash(_ key: String) -> String { key.hasPrefix("sk-") ? KeyDigest(of: Secret(key)).hex : key }

    /// The key that `name` means, for one who may do this to it.
    func key(
        _ name: String, for action: KeyRights.Action, _ rights: KeyRights
    ) throws -> Entity {
        let hash = Self.hash(name)
        try refuseMaster(hash)
        guard let key = try rights.session.entityForUpdate(.keys, hash) else { throw rights.unknown(action) }
        try rights.require(action, on: key)
        return key
    }

    /// The master key is no virtual key, even where the store has one of that name.
    func refuseMaster(_ hash: String) throws(OfficeFault) {
        guard hash != desk.policy.masterKeyHash else {
            throw .bad(
                "The master key is set in the gateway's configuration and cannot be changed here.", "key")
        }
    }

    /// The groups of access that a model is in.
    func groups(of model: String) -> Set<String> {
        Set(desk.models.deployed().filter { $0.name == model }.flatMap(\.accessGroups))
    }

    // MARK: Showing

    /// `GET /key/info`: the key asked for, or the caller's own.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (requester, now) = (request.requester, desk.now)
        let asked = request.query["key"]
        let found = try await desk.read { session -> (Entity, Entity?) in
            let rights = KeyRights(requester: requester, session: session)
            let hash = try active(asked.map(Self.hash) ?? requester.keyHash, at: now, session)
            guard let key = try session.entity(.keys, hash), hash != desk.policy.masterKeyHash else {
                let isOwn = asked == nil || asked.map(Self.hash) == requester.keyHash
                throw isOwn ? Self.notInDatabase : rights.unknown(.info, Self.notInDatabase.message)
            }
            guard try rights.maySee(key) else {
                throw OfficeFault.forbidden(
                    "You are not allowed to access this key's info. Your role=\(requester.role.rawValue)")
            }
            return (key, try key.document.string("budget_id").flatMap { try session.entity(.budgets, $0) })
        }
        return OfficeAnswer(
            [
                "key": .string(asked ?? found.0.id), "info": .object(answers.info(found.0, at: now, budget: found.1)),
            ] as JSONObject)
    }

    private static let notInDatabase = OfficeFault(
        404, "Key not found in database", type: "not_found_error", param: "key")

    /// The key that took the place of this one, while the old one still works.
    private func active(_ hash: String, at now: Int64, _ session: any StoreSession) throws -> String {
        guard try session.entity(.keys, hash) == nil else { return hash }
        return try session.grant(of: hash, at: now)?.key.id ?? hash
    }

    /// `POST /v2/key/info`: those of them that the caller may see.
    package func infoOfMany(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (requester, now) = (request.requester, desk.now)
        let asked = request.body.strings("keys")
        let hashes = asked.map(Self.hash)
        let found = try await desk.read { session -> [Entity] in
            let rights = KeyRights(requester: requester, session: session)
            let known = Dictionary(
                try session.entities(.keys, ids: hashes).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            var seen: Set<String> = [desk.policy.masterKeyHash ?? ""]
            return try hashes.compactMap { seen.insert($0).inserted ? known[$0] : nil }.filter(rights.maySee)
        }
        guard !found.isEmpty else { throw Self.noKeys }
        return OfficeAnswer(
            [
                "key": .strings(asked), "info": .array(found.map { .object(answers.infoWithToken($0, at: now)) }),
            ] as JSONObject)
    }

    /// As LiteLLM puts it, a Python dictionary in the message.
    static let noKeys = OfficeFault(404, "{'error': 'No keys found'}", type: "invalid_request_error")

    /// `POST /key/health`: whether the caller's own key can be used, and whether its callbacks are served.
    package func health(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let hash = request.requester.keyHash
        let now = desk.now
        let callbacks = try await desk.read { session -> [String] in
            let key = try session.grant(of: hash, at: now)?.key
            let logging = key?.document.object("metadata")?["logging"]?.array ?? []
            return logging.compactMap { $0.object?.string("callback_name") }
        }
        guard !callbacks.isEmpty else {
            return OfficeAnswer(
                desk.policy.compat == .v1_83
                    ? ["key": "healthy", "logging_callbacks": nil] : ["key": "healthy"] as JSONObject)
        }
        return OfficeAnswer(
            [
                "key": "unhealthy",
                "logging_callbacks": [
                    "callbacks": .strings(callbacks), "status": "unhealthy",
                    "details": "This gateway does not serve callbacks of single keys.",
                ],
            ] as JSONObject)
    }
}
