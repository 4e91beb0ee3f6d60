package import WeirCore

/// Who is let in, as the configuration says.
package struct AccessSettings: Sendable {
    /// A token of `auth.tokens`, with the name an admin gave it.
    package struct Token: Sendable {
        package let name: String
        package let secret: Secret

        package init(name: String, secret: Secret) {
            self.name = name
            self.secret = secret
        }
    }

    package var masterKey: Secret?
    package var tokens: [Token]
    package var compat: Compat

    package init(masterKey: Secret? = nil, tokens: [Token] = [], compat: Compat = .v1_83) {
        self.masterKey = masterKey
        self.tokens = tokens
        self.compat = compat
    }

    /// Nobody is asked for a key.
    package var isOpen: Bool { masterKey == nil && tokens.isEmpty }
}
