import WeirCore

/// Keys as people read them.
enum KeyText {
    static let columns: [DeskTable.Column] = [
        .init("alias", "key_alias"), .init("key", "key_name"), .init("user", "user_id"), .init("team", "team_id"),
        .init("models", "models"), .init("spend $", "spend"), .init("budget $", "max_budget"),
        .init("expires", "expires"), .init("blocked", "blocked"), .init("hash", "token"),
    ]

    /// What a person must see of a key that was just made.
    static func made(_ answer: JSONValue) -> String {
        let object = answer.object ?? JSONObject()
        var shown = JSONObject()
        for name in [
            "key", "key_alias", "token", "token_id", "user_id", "team_id", "models", "max_budget", "budget_duration",
            "rpm_limit", "tpm_limit", "expires",
        ] {
            // Both are the hash.
            if name == "token_id", shown["token"] != nil { continue }
            if let value = object.value(name) { shown[name] = value }
        }
        return DeskTable.text(shown) + "  Keep the key now: only its hash is stored.\n"
    }

    /// `/key/block` and its like.
    static func change(_ name: String, _ path: String, _ done: String, _ options: DeskOptions) async throws {
        try await options.with { desk in
            let key = try await KeyName.resolved(name, desk)
            let answer = try await desk.post(path, ["key": .string(key)])
            DeskTable.show(answer, json: options.json) {
                let object = answer.object ?? JSONObject()
                return "\(object.string("key_alias") ?? object.string("key_name") ?? "the key") \(done)\n"
            }
        }
    }
}

/// How a key is named on the command line.
enum KeyName {
    /// The key or hash that `name` stands for: an alias is looked up.
    static func resolved(_ name: String, _ desk: any ManagementDesk) async throws -> String {
        let isHash = name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
        if name.hasPrefix("sk-") || isHash { return name }
        let query = [("key_alias", name), ("return_full_object", "true"), ("size", "2"), ("page", "1")]
        let answer = try await desk.get("/key/list", query.map { (name: $0.0, value: $0.1) })
        let found = (answer.object?["keys"]?.array ?? []).compactMap { $0.object?.string("token") }
        guard let hash = found.first else {
            throw CommandFault("there is no key with the alias '\(name)'; weir keys list shows which there are")
        }
        guard found.count == 1 else {
            throw CommandFault("several keys have the alias '\(name)'; name the one that you mean by its hash")
        }
        return hash
    }
}
