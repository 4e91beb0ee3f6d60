/// What the command line decides; everything else is in the configuration.
package struct ServerSettings: Sendable {
    /// The configuration's path; nil serves what is found on this machine.
    package var configPath: String?
    /// Nil: all interfaces with a configuration, loopback without one.
    package var host: String?
    package var port = 4000
    /// One thread each.
    package var loops = 2
    /// How long running requests may go on after SIGTERM.
    package var gracePeriod = Duration.seconds(30)
    /// Where access log lines go: a descriptor, or nil for nowhere.
    package var accessLog: Int32? = 1
    package var environment: [String: String] = [:]
    /// PEM files for HTTPS on the main port.
    package var certificateChain: String?
    package var privateKey: String?
    /// Prices that go before the built-in ones: a file that `weir prices import` wrote.
    package var pricesPath: String?
    /// Where SQLite keeps keys, users and teams, whatever else names a store.
    package var dataDirectory: String?
    /// Warnings of the configuration are errors.
    package var isStrict = false

    package init() {}
}

/// What a started server tells the one who started it.
package struct ServerSummary: Sendable {
    package let host: String
    package let port: Int
    package let isTLS: Bool
    package let configPath: String?
    package let models: [String]
    package let isOpen: Bool
    /// Where keys are kept; nil when nowhere.
    package let store: String?
    package let loops: Int
    package let healthPort: Int?
    package let metricsPort: Int?
    package let warnings: [String]
}

/// An address that cannot be listened on.
package struct ListenFault: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let cause: String

    package var description: String {
        "cannot listen on \(host) port \(port): \(cause); is something else running there? Another port: --port N"
    }
}
