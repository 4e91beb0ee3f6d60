package import WeirCore

/// Where Redis is, and how to log in.
package struct RedisSettings: Sendable {
    /// How the servers are arranged.
    package enum Topology: Sendable, Equatable {
        /// One server, or a name behind which a provider changes servers.
        case single(RedisAddress)
        /// Servers watched by Sentinels: these are asked who the master of `service` is. At least one Sentinel.
        case sentinel([RedisAddress], service: String)
        /// A cluster of which at least one of these nodes can be reached. Only database 0 exists there.
        case cluster([RedisAddress])
    }

    /// How to speak TLS.
    package struct TLS: Sendable, Equatable {
        /// PEM file of the authorities to trust; nil trusts the system's.
        package var certificateAuthorities: String?
        /// PEM files of the client's certificate chain and key, where the server wants one.
        package var certificateChain: String?
        package var privateKey: String?
        /// False accepts any certificate: for tests only.
        package var verifies: Bool

        package init(
            certificateAuthorities: String? = nil, certificateChain: String? = nil, privateKey: String? = nil,
            verifies: Bool = true
        ) {
            self.certificateAuthorities = certificateAuthorities
            self.certificateChain = certificateChain
            self.privateKey = privateKey
            self.verifies = verifies
        }
    }

    package var topology: Topology
    /// The user of an ACL; nil is the default user.
    package var username: String?
    package var password: Secret?
    /// 0 to 15 unless the server was told otherwise; always 0 in a cluster.
    package var database = 0
    /// Nil speaks plain TCP. Sentinels are spoken to in the same way as servers.
    package var tls: TLS?
    /// Login at the Sentinels, which have users of their own; nil where they want none.
    package var sentinelUsername: String?
    package var sentinelPassword: Secret?
    /// The beginning of every key, so that several installations can share a server.
    package var namespace = "weir"
    /// How long a question may take before it is answered with nil; no limit is taken as a minute.
    package var answerTimeout = Timeout(nanoseconds: 50_000_000)
    /// How long making a connection may take, TLS and login included; no limit is taken as a minute.
    package var connectTimeout = Timeout(nanoseconds: 1_000_000_000)

    package init(_ topology: Topology) { self.topology = topology }

    /// The standard port of servers.
    package static let port = 6379
    /// The standard port of Sentinels.
    package static let sentinelPort = 26_379
}

/// What is wrong with the settings, as a sentence that names no secret.
package struct RedisSettingsFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
