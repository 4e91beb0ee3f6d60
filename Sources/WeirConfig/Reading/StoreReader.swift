import WeirCore

/// The store and what is managed in it.
enum StoreReader {
    static let generalKeys = [
        "database_url", "database_connection_pool_limit", "database_connection_timeout",
        "database_connection_pool_timeout", "database_connect_timeout", "store_model_in_db",
        "allow_requests_on_db_unavailable", "user_api_key_cache_max_size", "disable_custom_api_keys",
    ]
    static let litellmKeys = [
        "default_key_generate_params", "upperbound_key_generate_params", "key_generation_settings",
        "default_internal_user_params", "default_team_params", "max_end_user_budget_id",
    ]

    static func read(_ top: FieldReader, _ environment: [String: String]) -> StoreSection {
        var store = StoreSection()
        if let general = section("general_settings", top) {
            store.databaseURL = general.secret("database_url")
            if let member = general.written("database_url"), store.databaseURL != nil {
                store.databasePlace = member.value.place
            }
            store.poolLimit = general.whole("database_connection_pool_limit", 1...1000)
            store.poolTimeout =
                general.seconds("database_connection_timeout") ?? general.seconds("database_connection_pool_timeout")
            store.connectTimeout = general.seconds("database_connect_timeout")
            store.storesModels = general.flag("store_model_in_db")
            store.servesWithoutDatabase = general.flag("allow_requests_on_db_unavailable") ?? false
            store.keyCacheSize = general.whole("user_api_key_cache_max_size", 1...10_000_000)
            store.refusesCustomKeys = general.flag("disable_custom_api_keys") ?? false
        }
        if let litellm = section("litellm_settings", top) {
            store.defaultKeyParams = object("default_key_generate_params", litellm)
            store.upperboundKeyParams = object("upperbound_key_generate_params", litellm)
            store.keyGeneration = object("key_generation_settings", litellm)
            store.defaultUserParams = object("default_internal_user_params", litellm)
            store.defaultTeamParams = object("default_team_params", litellm)
            store.defaultCustomerBudget = litellm.text("max_end_user_budget_id").flatMap { $0.isEmpty ? nil : $0 }
        }
        fill(&store, environment)
        return store
    }

    /// What the environment says where the files say nothing.
    static func fill(_ store: inout StoreSection, _ environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if store.databaseURL == nil {
            store.databaseURL = (value("DATABASE_URL") ?? address(value)).map { Secret($0) }
        }
        store.replicaURL = value("DATABASE_URL_READ_REPLICA").map { Secret($0) }
        store.masterSecret = (value("WEIR_MASTER_SECRET") ?? value("LITELLM_SALT_KEY")).map { Secret($0) }
        if store.storesModels == nil {
            store.storesModels = value("STORE_MODEL_IN_DB").map { $0.lowercased() == "true" || $0 == "1" }
        }
    }

    /// LiteLLM's five variables, as one address.
    private static func address(_ value: (String) -> String?) -> String? {
        guard let host = value("DATABASE_HOST"), let name = value("DATABASE_NAME"),
            let user = value("DATABASE_USERNAME") ?? value("DATABASE_USER")
        else { return nil }
        let login = PercentText.encoded(user) + (value("DATABASE_PASSWORD").map { ":" + PercentText.encoded($0) } ?? "")
        let port = value("DATABASE_PORT").map { ":" + $0 } ?? ""
        let schema = value("DATABASE_SCHEMA").map { "?schema=" + PercentText.encoded($0) } ?? ""
        return "postgresql://\(login)@\(host)\(port)/\(PercentText.encoded(name))\(schema)"
    }

    static func section(_ name: String, _ top: FieldReader) -> FieldReader? {
        guard let member = top.members.first(where: { $0.key == name }), let members = member.value.map else {
            return nil
        }
        return FieldReader(name, members, member.keyPlace, top.log)
    }

    static func object(_ key: String, _ reader: FieldReader) -> JSONObject {
        guard let member = reader.member(key) else { return JSONObject() }
        guard let object = value(member.value).object else {
            reader.wrong(member, "a mapping")
            return JSONObject()
        }
        return object
    }

    static func value(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null, .notFinite: .null
            case .flag(let flag): .bool(flag)
            case .number(let number): .number(number)
            case .text: .string(scalar.text)
            }
        case .list(let items): .array(items.map(value))
        case .map(let members): .object(JSONObject(members.map { .init($0.key, value($0.value)) }))
        }
    }
}
