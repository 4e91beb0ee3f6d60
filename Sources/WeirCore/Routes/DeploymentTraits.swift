/// What the configuration says of a deployment for routing, beyond its share of the traffic.
package struct DeploymentTraits: Sendable {
    /// Lower is tried first; nil comes last.
    package var order: Int?
    package var tags: [String] = []
    /// Regular expressions over `User-Agent: …` that stand for a tag.
    package var tagPatterns: [String] = []
    /// Where the deployment runs (`region_name`), as the provider writes it.
    package var region: String?
    /// The longest prompt in tokens; 0 when it is not known.
    package var maxInputTokens = 0
    /// Requests that may run at once; 0 when none was given.
    package var maxParallelRequests = 0
    /// Retries after a failure of this deployment; nil for the group's or the router's number.
    package var numRetries: Int?
    /// How long it rests after failing, in nanoseconds; nil for the router's.
    package var cooldown: UInt64?
    /// Failures within the cooldown time that are forgiven; nil for the router's.
    package var allowedFails: Int?
    package var allowedFailsPolicy: [FailureClass: Int] = [:]
    /// Another deployment is asked besides when a stream's first token has not come after so many nanoseconds.
    package var hedgeAfter: UInt64?
    /// A stream that is slower is given up; tokens a second.
    package var slowestStream: Double?

    package init() {}
}
