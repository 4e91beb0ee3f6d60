package import WeirCore

/// `logging`: where facts about requests go.
package struct LoggingSection: Sendable {
    /// A listener of its own for `/metrics`.
    package struct Prometheus: Sendable, Equatable {
        package var isEnabled = true
        package var host = "0.0.0.0"
        /// Nil: on the gateway's own port only. 1 to 65535.
        package var port: Int?

        package init() {}
    }

    /// Kept; traces come later.
    package struct Langfuse: Sendable {
        package var host: String?
        package var publicKey: Secret?
        package var secretKey: Secret?

        package init() {}
    }

    /// Nil when nothing is said of it.
    package var prometheus: Prometheus?
    package var langfuse: Langfuse?

    package init() {}
}
