import WeirCore

/// Reads the members of `litellm_jwtauth`, and notes what cannot be taken.
struct IdentitySettingsReader {
    private let section: JSONObject
    var problems: [String] = []

    init(_ section: JSONObject) { self.section = section }

    mutating func text(_ name: String) -> String? { read(name, "a string", \.string) }
    mutating func flag(_ name: String) -> Bool { read(name, "true or false", \.bool) ?? false }
    mutating func names(_ name: String) -> [String]? { read(name, "a list of strings", \.strings) }

    /// 0 to 10⁷.
    mutating func count(_ name: String) -> Int? {
        read(name, "a whole number of seconds") { value in
            value.int.flatMap { (0...10_000_000).contains($0) ? $0 : nil }
        }
    }

    mutating func roles(_ name: String, from: String, to: String) -> [IdentitySettings.RoleMapping] {
        entries(name, "a list of mappings, each with \(from) and \(to)") { entry in
            guard let role = entry.string(from), let internalRole = entry.string(to).flatMap(Role.init(rawValue:))
            else { return nil }
            return IdentitySettings.RoleMapping(role: role, internalRole: internalRole)
        }
    }

    mutating func scopes(_ name: String) -> [IdentitySettings.ScopeMapping] {
        entries(name, "a list of mappings, each with scope and models or routes") { entry in
            guard let scope = entry.string("scope"), let models = GrantBuilder.list(entry, "models"),
                let routes = GrantBuilder.list(entry, "routes")
            else { return nil }
            return IdentitySettings.ScopeMapping(scope: scope, models: models, routes: routes)
        }
    }

    mutating func permissions(_ name: String) -> [IdentitySettings.RolePermission] {
        entries(name, "a list of mappings, each with role and models or routes") { entry in
            guard let role = entry.string("role").flatMap(Role.init(rawValue:)),
                let models = GrantBuilder.list(entry, "models"), let routes = GrantBuilder.list(entry, "routes")
            else { return nil }
            return IdentitySettings.RolePermission(
                role: role, models: entry.value("models") == nil ? nil : models,
                routes: entry.value("routes") == nil ? nil : routes)
        }
    }

    private mutating func entries<Entry>(
        _ name: String, _ form: String, _ read: (JSONObject) -> Entry?
    ) -> [Entry] {
        self.read(name, form) { value -> [Entry]? in
            guard let values = value.array else { return nil }
            let entries = values.compactMap { $0.object.flatMap(read) }
            return entries.count == values.count ? entries : nil
        } ?? []
    }

    private mutating func read<Value>(_ name: String, _ form: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let given = section.value(name) else { return nil }
        guard let value = read(given) else {
            let place = name == "role_permissions" ? "general_settings" : "litellm_jwtauth"
            problems.append("\(place).\(name) must be \(form)")
            return nil
        }
        return value
    }
}
