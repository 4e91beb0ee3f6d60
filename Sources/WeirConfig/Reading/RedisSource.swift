import WeirCore

/// What one place says of Redis.
struct RedisSource {
    var url: RedisAddress?
    private var host: String?
    private(set) var port: Int?
    private(set) var username: String?
    private(set) var password: Secret?
    private(set) var usesTLS: Bool?
    private(set) var database: Int?
    private var cluster: [RedisSection.Node] = []
    private var sentinels: [RedisSection.Node] = []
    private(set) var service: String?
    private(set) var sentinelPassword: Secret?
    private(set) var namespace: String?
    let place: SourceLocation
    /// At least one key is written, be it without a server.
    let isMentioned: Bool

    /// How a place calls its keys.
    struct Names {
        let prefix: String
        let isEnvironment: Bool

        static let router = Names(prefix: "redis_", isEnvironment: false)
        static let coordination = Names(prefix: "", isEnvironment: false)
        static let environment = Names(prefix: "redis_", isEnvironment: true)

        func callAsFunction(_ key: String) -> String {
            isEnvironment ? (prefix + key).uppercased() : prefix + key
        }
        var nodes: String { prefix.isEmpty ? "startup_nodes" : self("cluster_nodes") }
        var all: [String] {
            ["url", "host", "port", "password", "username", "ssl", "db"].map { self($0) } + [nodes]
                + ["sentinel_nodes", "sentinel_password", "service_name", "namespace"].map { self($0) }
        }
    }

    init(_ reader: FieldReader, _ name: Names) {
        let keys = name.all
        let written = reader.members.filter { keys.contains($0.key) }
        place = written.first?.keyPlace ?? reader.place
        isMentioned = written.contains { reader.member($0.key) != nil }
        url = RedisSource.url(reader, name("url"))
        host = RedisSource.host(reader, name("host"), port: name("port"))
        port = RedisSource.port(reader, name("port"))
        username = RedisSource.text(reader, name("username"))
        password = RedisSource.text(reader, name("password")).map { Secret($0) }
        usesTLS = reader.flag(name("ssl"))
        database = reader.whole(name("db"), 0...65535)
        cluster = RedisSource.nodes(reader, name.nodes, port: 6379)
        sentinels = RedisSource.nodes(reader, name("sentinel_nodes"), port: 26379)
        service = RedisSource.text(reader, name("service_name"))
        sentinelPassword = RedisSource.text(reader, name("sentinel_password")).map { Secret($0) }
        namespace = RedisSource.text(reader, name("namespace"))
        check(reader, name)
    }

    var namesServer: Bool { url != nil || host != nil || !cluster.isEmpty || !sentinels.isEmpty }

    /// Nodes before a URL before a host, as with LiteLLM. Nil, with the problem noted, when sentinels have nobody to look after.
    func address(port: Int, service: String?, _ log: ProblemLog) -> RedisSection.Address? {
        if !cluster.isEmpty { return .cluster(cluster) }
        if !sentinels.isEmpty {
            if let service { return .sentinels(sentinels, service: service) }
            log.error(
                place,
                "sentinels need to know which primary is meant: add `redis_service_name`, such as mymaster")
            return nil
        }
        if let url { return url.address }
        return host.map { .server(RedisSection.Node(host: $0, port: port)) }
    }

    private func check(_ reader: FieldReader, _ name: Names) {
        if !cluster.isEmpty, !sentinels.isEmpty, let member = reader.written(name("sentinel_nodes")) {
            reader.log.error(
                member.keyPlace,
                "`\(name.nodes)` and `\(name("sentinel_nodes"))` name two kinds of Redis: keep one of them")
        }
    }

    // MARK: Fields

    /// Empty is nothing.
    private static func text(_ reader: FieldReader, _ key: String) -> String? {
        reader.text(key).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func url(_ reader: FieldReader, _ key: String) -> RedisAddress? {
        guard let text = text(reader, key), let member = reader.written(key) else { return nil }
        if let url = RedisAddress(text) { return url }
        // The value may hold a password, so it is not shown.
        reader.log.error(
            member.value.place,
            "`\(key)` must be redis://host:port/database, rediss:// for TLS, or unix:///path; write `%40` for an `@` in a "
                + "password")
        return nil
    }

    private static func host(_ reader: FieldReader, _ key: String, port: String) -> String? {
        guard let text = text(reader, key), let member = reader.written(key) else { return nil }
        guard RedisAddress.isHost(text), RedisAddress.node(text[...], port: 1)?.port == 1 || isIPv6(text) else {
            reader.wrong(
                member, "the name or address of a host; a port belongs into `\(port)`")
            return nil
        }
        return text
    }

    private static func isIPv6(_ text: String) -> Bool {
        text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    /// Kubernetes sets `REDIS_PORT` to `tcp://10.0.0.1:6379` for a service named `redis`; the number in it is meant.
    private static func port(_ reader: FieldReader, _ key: String) -> Int? {
        guard let member = reader.member(key), let scalar = member.value.scalar else {
            return reader.whole(key, 1...65535)
        }
        guard scalar.variable != nil, scalar.text.hasPrefix("tcp://"),
            let node = RedisAddress.node(scalar.text.dropFirst(6), port: 0), node.port > 0
        else {
            return scalar.text.isEmpty ? nil : reader.whole(key, 1...65535)
        }
        reader.log.warning(
            member.value.place,
            "`\(key)` is a link to a service of Kubernetes; port \(node.port) is taken from it: set the variable to the number"
        )
        return node.port
    }

    /// A list of mappings with `host` and `port`, of pairs, or of `host:port`; or JSON or `host:port,…` as one text.
    private static func nodes(_ reader: FieldReader, _ key: String, port: Int) -> [RedisSection.Node] {
        guard let member = reader.member(key) else { return [] }
        var items = member.value.list
        if let scalar = member.value.scalar {
            let text = scalar.text.drop { $0 == " " }
            if text.first == "[" || text.first == "{" {
                // JSON is YAML.
                let scratch = ProblemLog(strict: false)
                let value = YAMLReader.read(Array("nodes: \(text)".utf8), file: "", scratch)?.first?.value
                items = value?.list ?? value.map { [$0] }
            } else {
                items = text.split(separator: ",").map { part in
                    let name = part.filter { $0 != " " }
                    return YAMLNode(
                        content: .scalar(YAMLScalar(text: name, isPlain: false)), place: member.value.place)
                }
            }
        }
        let nodes = items?.map { node($0, port: port) }
        guard let nodes, !nodes.contains(nil) else {
            reader.log.error(
                member.value.place,
                "`\(key)` must be a list of nodes such as [{host: redis-1, port: \(port)}], not \(member.value.described)"
            )
            return []
        }
        return nodes.compactMap { $0 }
    }

    private static func node(_ item: YAMLNode, port: Int) -> RedisSection.Node? {
        if let scalar = item.scalar { return RedisAddress.node(scalar.text[...], port: port) }
        var host = item.list?.first?.scalar?.text
        var number = item.list.flatMap { $0.count > 1 ? $0[1].scalar?.text : nil }
        if let members = item.map {
            host = members.first { $0.key == "host" }?.value.scalar?.text
            number = members.first { $0.key == "port" }?.value.scalar?.text
        }
        guard let host, RedisAddress.isHost(host), (item.list?.count ?? 2) <= 2 else { return nil }
        guard let number else { return RedisSection.Node(host: host, port: port) }
        guard let port = Int(number), (1...65535).contains(port) else { return nil }
        return RedisSection.Node(host: host, port: port)
    }
}
