import WeirCore

extension RedisSettings {
    /// Reads `redis://[[user]:password@]host[:port][/database]`, the same with `rediss` for TLS, or
    /// `unix://[[user]:password@]/path[?db=number]`, as the URI registrations of these schemes and redis-py have it.
    ///
    /// User, password and path may hold percent-encoded bytes. `?db=` names the database, too, and wins;
    /// `ssl_cert_reqs=none` switches the verification of certificates off. Other queries are ignored.
    package init(url: String) throws(RedisSettingsFault) {
        guard let colon = url.firstRange(of: "://") else {
            throw RedisSettingsFault("A Redis URL begins with redis://, rediss:// or unix://.")
        }
        let scheme = url[..<colon.lowerBound].lowercased()
        var rest = url[colon.upperBound...]
        var query: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        // A password may hold a slash or an at sign that nobody encoded: the last at sign is the one that counts.
        var login: Substring?
        if let at = rest.lastIndex(of: "@") {
            login = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        var database: Int?
        switch scheme {
        case "redis", "rediss":
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            let path = rest[slash...].drop(while: { $0 == "/" })
            if !path.isEmpty { database = try Self.database(path) }
            self.init(.single(try Self.address(rest[..<slash], port: Self.port)))
            if scheme == "rediss" { tls = TLS() }
        case "unix":
            guard rest.hasPrefix("/"), let path = PercentText.strictlyDecoded(rest) else {
                throw RedisSettingsFault("A Redis URL with unix:// goes on with an absolute path.")
            }
            self.init(.single(.socket(path: path)))
        default: throw RedisSettingsFault("A Redis URL begins with redis://, rediss:// or unix://.")
        }
        if let login {
            let colon = login.firstIndex(of: ":")
            guard let user = PercentText.strictlyDecoded(login[..<(colon ?? login.endIndex)]),
                let word = PercentText.strictlyDecoded(colon.map { login[login.index(after: $0)...] } ?? "")
            else { throw RedisSettingsFault("The login of the Redis URL is not percent-encoded correctly.") }
            username = user.isEmpty ? nil : user
            password = word.isEmpty ? nil : Secret(word)
        }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            if parts[0] == "db" { database = try Self.database(parts[1]) }
            if parts[0] == "ssl_cert_reqs", parts[1].lowercased() == "none" { tls?.verifies = false }
        }
        self.database = database ?? 0
    }

    /// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
    package static func address(
        _ text: some StringProtocol, port standard: Int
    ) throws(RedisSettingsFault) -> RedisAddress {
        let fault = RedisSettingsFault("'\(text)' is not a host with a port from 1 to 65535.")
        var host = Substring(text)
        var port: Substring = ""
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            port = host[host.index(after: end)...]
            host = host[..<end].dropFirst()
            guard port.isEmpty || port.hasPrefix(":") else { throw fault }
        } else if let colon = host.firstIndex(of: ":") {
            port = host[colon...]
            host = host[..<colon]
        }
        if port.isEmpty, !host.isEmpty { return .host(String(host), port: standard) }
        guard let number = Int(port.dropFirst()), (1...65_535).contains(number), !host.isEmpty else { throw fault }
        return .host(String(host), port: number)
    }

    private static func database(_ text: Substring) throws(RedisSettingsFault) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw RedisSettingsFault("The database of a Redis URL is a number from 0.")
        }
        return number
    }
}
