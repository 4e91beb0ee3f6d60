import WeirCore

/// A Redis URL: `redis://[user[:password]@]host[:port][/database]`, `rediss://` for TLS, `unix:///path[?db=1]`; as the
/// registrations of the schemes at IANA and redis-py read them. `valkey` and `valkeys` mean the same.
struct RedisAddress {
    var address: RedisSection.Address
    var username: String?
    var password: String?
    var usesTLS = false
    var database: Int?

    /// Nil when the text is not such a URL.
    init?(_ text: String) {
        guard let end = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<end.lowerBound].lowercased()
        var rest = text[end.upperBound...]
        guard !rest.contains("#") else { return nil }
        var query = Substring()
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        var path = Substring()
        if let slash = rest.firstIndex(of: "/") {
            path = rest[slash...]
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            let credentials = rest[..<at]
            rest = rest[rest.index(after: at)...]
            let name = credentials.prefix { $0 != ":" }
            username = PercentText.strictlyDecoded(name)
            password =
                name.endIndex == credentials.endIndex
                ? nil : PercentText.strictlyDecoded(credentials[name.endIndex...].dropFirst())
            if username == "" { username = nil }
            if password == "" { password = nil }
        }
        for pair in query.split(separator: "&") where pair.hasPrefix("db=") {
            guard let number = Int(pair.dropFirst(3)), (0...65535).contains(number) else { return nil }
            database = number
        }
        switch scheme {
        case "unix":
            guard rest.isEmpty, path.utf8.count > 1, let name = PercentText.strictlyDecoded(path) else { return nil }
            address = .socket(path: name)
        case "redis", "rediss", "valkey", "valkeys":
            guard let node = RedisAddress.node(rest, port: 6379) else { return nil }
            address = .server(node)
            usesTLS = scheme == "rediss" || scheme == "valkeys"
            let number = path.dropFirst()
            if !number.isEmpty {
                guard let number = Int(number), (0...65535).contains(number) else { return nil }
                database = number
            }
        default: return nil
        }
    }

    /// `host`, `host:port`, `[::1]:port`.
    static func node(_ text: Substring, port: Int) -> RedisSection.Node? {
        var host = text
        var number: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            number = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            number = text[text.index(after: colon)...]
        }
        guard isHost(host) else { return nil }
        guard let number else { return RedisSection.Node(host: String(host), port: port) }
        guard let port = Int(number), (1...65535).contains(port) else { return nil }
        return RedisSection.Node(host: String(host), port: port)
    }

    static func isHost(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@\\\"'[]{},".utf8.contains($0) }
    }
}
