import WeirCore

/// What was built.
package enum BuildInfo {
    package static let version = "0.1.0"
    package static let swift = "6.3"

    /// The release of LiteLLM whose contract is kept: what `x-litellm-version` tells, so that clients that look at it do what
    /// they would do with LiteLLM.
    static func litellmVersion(_ compat: Compat) -> String {
        switch compat {
        case .v1_83: "1.83.2"
        case .v1_109: "1.109.1"
        }
    }
}
