/// Where a Redis server listens.
package enum RedisAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address without brackets, and a port from 1 to 65535.
    case host(String, port: Int)
    /// The path of a Unix socket.
    case socket(path: String)

    package var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }

    var host: String {
        switch self {
        case .host(let host, _): host
        case .socket: ""
        }
    }

    /// Reads `host:port` as a cluster tells it. The host is everything before the last colon, for IPv6 comes
    /// unbracketed; an empty one means the host that was asked.
    init?(endpoint: some StringProtocol, asSeenFrom host: String) {
        guard let colon = endpoint.lastIndex(of: ":"),
            let port = Int(endpoint[endpoint.index(after: colon)...]), (1...65_535).contains(port)
        else { return nil }
        let told = endpoint[..<colon].drop(while: { $0 == "[" })
        let name = told.hasSuffix("]") ? told.dropLast() : told
        self = .host(name.isEmpty ? host : String(name), port: port)
    }
}
