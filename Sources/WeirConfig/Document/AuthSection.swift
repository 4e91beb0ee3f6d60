package import WeirCore

/// `auth`: tokens that may call models, besides the master key.
package struct AuthSection: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case bearer
        /// Nobody is asked for a key.
        case none
    }

    package struct Token: Sendable {
        /// Unique; nil when the token was given as a bare string.
        package let name: String?
        /// Never empty.
        package let token: Secret
        package let place: SourceLocation

        package init(name: String?, token: Secret, place: SourceLocation) {
            self.name = name
            self.token = token
            self.place = place
        }
    }

    /// Nil when there is no `auth` section: then the master key alone decides.
    package var kind: Kind?
    package var tokens: [Token] = []

    package init() {}
}
