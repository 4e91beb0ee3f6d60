package import WeirCore

/// The Redis that replicas share: `router_settings.redis_*`, `general_settings.coordination_redis`, or `REDIS_*` of the
/// environment, in this order, put together and checked.
///
/// The address (`redis_url`, nodes, or host) is the first source's that names one; user, password, TLS, port, database and
/// namespace are filled up key by key from the other sources, except beside a URL, which stands for itself.
package struct RedisSection: Sendable {
    package struct Node: Sendable, Hashable {
        package let host: String
        /// 1 to 65535.
        package let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// Where to find the data: exactly one way.
    package enum Address: Sendable, Hashable {
        case server(Node)
        /// `unix:///path` in a URL.
        case socket(path: String)
        /// Some nodes of a cluster; never empty.
        case cluster([Node])
        /// Sentinels, never empty, and the name under which they know the primary.
        case sentinels([Node], service: String)
    }

    package var address: Address
    /// Nil: the default user.
    package var username: String?
    /// Never empty.
    package var password: Secret?
    /// `redis_ssl`, or a `rediss://` URL.
    package var usesTLS = false
    /// 0 to 65535; 0 in a cluster.
    package var database = 0
    /// For the sentinels themselves; never empty.
    package var sentinelPassword: Secret?
    /// A prefix for every key; nil for Weir's own.
    package var namespace: String?
    /// Where the address is written; the file `environment` when it comes from there.
    package var place: SourceLocation

    package init(address: Address, place: SourceLocation) {
        self.address = address
        self.place = place
    }
}
