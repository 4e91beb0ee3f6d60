package import WeirAccess
package import WeirCore
package import WeirWire

/// The numbers of the door. Each limit protects the ones inside from those outside.
package struct DoorSettings: Sendable {
    package var limits = HTTPLimits()
    /// The largest body that is read (`general_settings.max_request_size_mb`).
    package var bodyBytes = 32 << 20
    /// From a head's first byte to its last.
    package var headTimeout = Timeout.seconds(15)
    /// Between two pieces of a body.
    package var bodyIdleTimeout = Timeout.seconds(30)
    /// For a whole body.
    package var bodyTimeout = Timeout.seconds(300)
    /// For how long a connection may wait for its next request.
    package var idleTimeout = Timeout.seconds(75)
    /// For how long a client may take nothing of what is sent to it.
    package var sendTimeout = Timeout.seconds(60)
    package var compat = Compat.v1_83
    /// A header that carries the key, before all others (`general_settings.litellm_key_header_name`); lower case.
    package var keyField: String?
    /// Headers that name the customer of a request (`general_settings.user_header_mappings`, `user_header_name`), the first
    /// one first; lower case.
    package var customerFields: [String] = []
    /// What `x-litellm-version` tells.
    package var version = ""
    /// Field names beginning with these go on to the upstream, besides those that always do; lower case.
    package var forwardsClientFields = false

    /// `general_settings.allowed_ips`: who may come in at all.
    package var addresses = AddressRule.none

    package init() {}
}

/// The settings in force, with what is made of them once. A reference, because a request carries them through every
/// function on its way and a copy would count its strings each time. Bound to one loop.
final class DoorRules {
    let settings: DoorSettings
    let knownFields: KnownFields

    init(_ settings: DoorSettings) {
        self.settings = settings
        knownFields = KnownFields(version: settings.version)
    }
}
