package import WeirCore

/// Where PostgreSQL is, how to log in, and how much may be asked of it.
package struct PostgresSettings: Sendable {
    /// Connection parameters by libpq's names (https://www.postgresql.org/docs/current/libpq-connect.html), without secrets.
    package internal(set) var parameters: [String: String] = [:]
    /// `password` and `sslpassword`, where given.
    package internal(set) var secrets: [String: Secret] = [:]
    /// The schema that the tables are in; nil leaves it to the database.
    package var schema: String?
    /// Connections at most.
    package var poolLimit = 10
    /// How long a server may take to let somebody in, where the URL does not say it; nil: 3 s. libpq counts whole seconds, at
    /// least two.
    package var connectTimeout: Timeout?
    /// How long a transaction waits for a connection to become free.
    package var poolTimeout = Timeout.seconds(60)
    /// Transactions that wait for a connection at most; the next is refused at once.
    package var queueLimit = 2000
    /// How long one statement may take on the server.
    package var statementTimeout = Timeout.seconds(10)
    /// How much longer than that the server's word may be on its way, before the connection is given up.
    package var grace = Timeout.seconds(2)
    /// How long `exclusively` waits for its turn.
    package var exclusiveTimeout = Timeout.seconds(60)
    /// How long exclusive work may take with one statement: new indexes of large tables need their time.
    package var exclusiveStatementTimeout = Timeout.seconds(600)
    /// After so long a connection that nobody used is closed.
    package var idleTimeout = Timeout.seconds(60)

    /// Host, port and database, for sentences.
    package var place: String {
        let host =
            parameters["host"] ?? parameters["hostaddr"] ?? parameters["service"].map { "service \($0)" } ?? "local"
        let port = parameters["port"].map { ":\($0)" } ?? ""
        return "\(host)\(port)/\(parameters["dbname"] ?? "")"
    }

    /// Everything libpq is told, with what is set for all connections unless the URL said otherwise.
    var keywords: [(name: String, value: String)] {
        var all = Self.defaults
        if let connectTimeout, connectTimeout != .none {
            all["connect_timeout"] = String(connectTimeout.wholeSeconds)
        }
        all.merge(parameters) { _, own in own }
        for (name, secret) in secrets { all[name] = secret.revealed() }
        // What is read and written here is UTF-8, whatever somebody set.
        all["client_encoding"] = "UTF8"
        // Of several servers the one that can be written to; a single one is what was asked for, whatever it is.
        if parameters["host"]?.contains(",") == true, parameters["target_session_attrs"] == nil, !isReplica {
            all["target_session_attrs"] = "read-write"
        }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Set for the servers that only reads go to.
    var isReplica = false

    /// Times in seconds, `tcp_user_timeout` in milliseconds. Kerberos is not tried unless it is asked for: looking for
    /// tickets costs every connection time.
    private static let defaults = [
        "application_name": "weir", "connect_timeout": "3", "gssencmode": "disable", "keepalives": "1",
        "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "10000",
    ]

    /// The same text without the secrets, should anybody ever repeat one.
    func hidingSecrets(_ text: String) -> String {
        var text = text
        // Short ones would make holes into every sentence; nobody can be helped who has such a password.
        for secret in secrets.values where secret.revealed().utf8.count >= 4 {
            text = text.split(separator: secret.revealed(), omittingEmptySubsequences: false).joined(separator: "***")
        }
        return text
    }
}

/// What is wrong with the settings, as a sentence that names no secret.
package struct PostgresSettingsFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
