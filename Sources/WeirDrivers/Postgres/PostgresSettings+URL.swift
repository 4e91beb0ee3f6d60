import Glibc
import WeirCore

extension PostgresSettings {
    /// Reads `postgresql://[user[:password]@][host[:port][,…]][/database][?name=value&…]`, or the same with `postgres`.
    ///
    /// As libpq has it (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS): every part may
    /// be percent-encoded and left out, several hosts are tried in order, `?host=/folder` is a Unix socket, and every
    /// connection parameter may follow. What Prisma adds to such URLs
    /// (https://www.prisma.io/docs/orm/overview/databases/postgresql) is understood: `schema`, `connection_limit`,
    /// `pool_timeout`, `socket_timeout`, `sslaccept`, and `sslcert` without `sslkey` as the authority to trust; `pgbouncer`,
    /// `statement_cache_size` and the like change nothing, for nothing here depends on them. A name that neither knows is
    /// refused, so that no misspelled `sslmode` goes unnoticed.
    package init(url: String) throws(PostgresSettingsFault) {
        guard let colon = url.firstRange(of: "://"), ["postgresql", "postgres"].contains(url[..<colon.lowerBound])
        else { throw PostgresSettingsFault("A PostgreSQL URL begins with postgresql:// or postgres://.") }
        var rest = url[colon.upperBound...]
        var query: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        // A password may hold a slash or an at sign that nobody encoded: the last at sign is the one that counts.
        let isAddressed = !rest.hasPrefix("/") && !rest.isEmpty
        if let at = rest.lastIndex(of: "@") {
            try readLogin(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        try readHosts(rest[..<slash])
        let database = try Self.decoded(rest[slash...].dropFirst())
        if !database.isEmpty { parameters["dbname"] = database }
        for pair in query.split(separator: "&") {
            guard let equals = pair.firstIndex(of: "=") else {
                throw PostgresSettingsFault("The parameters of a PostgreSQL URL have the form name=value.")
            }
            try read(
                name: try Self.decoded(pair[..<equals]), value: try Self.decoded(pair[pair.index(after: equals)...]))
        }
        // libpq would look for a socket of this machine, where a login or a port says that a server was meant.
        guard !isAddressed || ["host", "hostaddr", "service"].contains(where: { parameters[$0] != nil }) else {
            throw PostgresSettingsFault(
                "The PostgreSQL URL names no host; a Unix socket is named by its folder, with ?host=/folder.")
        }
        try settleTLS()
    }

    private mutating func readLogin(_ login: Substring) throws(PostgresSettingsFault) {
        let colon = login.firstIndex(of: ":") ?? login.endIndex
        let user = try Self.decoded(login[..<colon])
        let password = try Self.decoded(login[colon...].dropFirst())
        if !user.isEmpty { parameters["user"] = user }
        if !password.isEmpty { secrets["password"] = Secret(password) }
    }

    private mutating func readHosts(_ list: Substring) throws(PostgresSettingsFault) {
        guard !list.isEmpty else { return }
        var hosts: [String] = []
        var ports: [String] = []
        for item in list.split(separator: ",", omittingEmptySubsequences: false) {
            var host = item
            var port: Substring = ""
            if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
                port = host[host.index(after: end)...]
                host = host[..<end].dropFirst()
            } else if let colon = host.firstIndex(of: ":") {
                port = host[colon...]
                host = host[..<colon]
            }
            // The text is not repeated: where a login is written wrongly, a part of the password stands here.
            guard port.isEmpty || port.hasPrefix(":"), port.count < 2 || Self.isPort(port.dropFirst()) else {
                throw PostgresSettingsFault(
                    "A host of the PostgreSQL URL is followed by something that is no port from 1 to 65535; special "
                        + "characters of a password must be percent-encoded.")
            }
            hosts.append(try Self.decoded(host))
            ports.append(String(port.dropFirst()))
        }
        if hosts.contains(where: { !$0.isEmpty }) { parameters["host"] = hosts.joined(separator: ",") }
        if ports.contains(where: { !$0.isEmpty }) { parameters["port"] = ports.joined(separator: ",") }
    }

    private mutating func read(name: String, value: String) throws(PostgresSettingsFault) {
        switch name {
        case "password", "sslpassword": secrets[name] = value.isEmpty ? nil : Secret(value)
        // JDBC's way to say it, which libpq takes, too.
        case "ssl" where value == "true": parameters["sslmode"] = "require"
        case "schema": schema = value.isEmpty ? nil : value
        case "connection_limit": poolLimit = try Self.number(name, value, from: 1)
        case "pool_timeout":
            let seconds = try Self.number(name, value, from: 0)
            if seconds > 0 { poolTimeout = .seconds(seconds) }
        case "socket_timeout":
            let seconds = try Self.number(name, value, from: 0)
            if seconds > 0 { statementTimeout = .seconds(seconds) }
        case "sslaccept", "sslidentity": parameters[name] = value
        case let name where Self.ignored.contains(name): break
        case let name where Self.known.contains(name): parameters[name] = value
        default:
            throw PostgresSettingsFault(
                "The PostgreSQL URL has a parameter that nobody knows: \(name.prefix(40)). Correct it or leave it out.")
        }
    }

    private mutating func settleTLS() throws(PostgresSettingsFault) {
        let accept = parameters.removeValue(forKey: "sslaccept")
        if parameters.removeValue(forKey: "sslidentity") != nil {
            throw PostgresSettingsFault(
                "sslidentity is a PKCS#12 file, which libpq cannot read: give sslcert and sslkey as PEM files.")
        }
        if parameters["sslmode"] == "no-verify" { parameters["sslmode"] = "require" }
        // For Prisma sslcert is the server's authority; libpq's client certificate is nothing without its key.
        if parameters["sslkey"] == nil, let authority = parameters.removeValue(forKey: "sslcert") {
            if parameters["sslrootcert"] == nil { parameters["sslrootcert"] = authority }
        }
        switch accept {
        case nil: break
        case "accept_invalid_certs":
            // libpq verifies as soon as it knows an authority.
            parameters["sslrootcert"] = nil
        case "strict":
            parameters["sslmode"] = "verify-full"
            if parameters["sslrootcert"] == nil {
                guard let file = Self.authorities.first(where: { access($0, R_OK) == 0 }) else {
                    throw PostgresSettingsFault(
                        "sslaccept=strict needs a file of authorities to trust: add sslrootcert=/path/to/ca.pem.")
                }
                parameters["sslrootcert"] = file
            }
        default: throw PostgresSettingsFault("sslaccept of the PostgreSQL URL is strict or accept_invalid_certs.")
        }
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard let number = Int(text) else { return false }
        return (1...65_535).contains(number)
    }

    private static func number(_ name: String, _ value: String, from least: Int) throws(PostgresSettingsFault) -> Int {
        guard let number = Int(value), (least...1_000_000).contains(number) else {
            throw PostgresSettingsFault("\(name) of the PostgreSQL URL is a whole number from \(least).")
        }
        return number
    }

    private static func decoded(_ text: Substring) throws(PostgresSettingsFault) -> String {
        // libpq refuses %00, too: its texts end there.
        guard let text = PercentText.strictlyDecoded(text), !text.utf8.contains(0) else {
            throw PostgresSettingsFault("The PostgreSQL URL is not percent-encoded correctly.")
        }
        return text
    }

    /// Where Debian, Red Hat and Alpine keep the authorities that the system trusts.
    private static let authorities = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    /// Prisma's, about things that are not done here.
    private static let ignored: Set<String> = [
        "pgbouncer", "statement_cache_size", "max_idle_connection_lifetime", "max_connection_lifetime",
        "single_use_connections", "connection_name", "trace", "sslnegotiate",
    ]

    /// libpq's, up to PostgreSQL 18; an older libpq says itself which of them it does not know.
    private static let known: Set<String> = [
        "host", "hostaddr", "port", "dbname", "user", "passfile", "require_auth", "channel_binding", "connect_timeout",
        "client_encoding", "options", "application_name", "fallback_application_name", "keepalives", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "tcp_user_timeout", "gssencmode", "sslmode", "requiressl",
        "sslnegotiation", "sslcompression", "sslcert", "sslkey", "sslcertmode", "sslrootcert", "sslcrl", "sslcrldir",
        "sslsni", "requirepeer", "ssl_min_protocol_version", "ssl_max_protocol_version", "krbsrvname", "gsslib",
        "gssdelegation", "service", "servicefile", "target_session_attrs", "load_balance_hosts", "sslkeylogfile",
        "min_protocol_version", "max_protocol_version",
    ]
}
