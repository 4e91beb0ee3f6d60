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
    /// Tokens of identity providers are wanted: then nobody comes in without one, or a key.
    package var wantsIdentityTokens = false
    /// `allow_requests_on_db_unavailable`: who shows a key that nobody knows while the store is away may call models.
    package var allowsWithoutStore = false
    /// The access groups that each model is in, by the model's name (patterns such as `openai/*` included). A group that
    /// was made through the API goes by its id and by its name.
    package var accessGroups: [String: Set<String>] = [:]
    /// `model_group_alias`: who may call a model may call it by these names of it.
    package var modelAliases: [String: String] = [:]
    /// Models that belong to one team, by name, with its id.
    package var teamModels: [String: String] = [:]

    package init(masterKey: Secret? = nil, tokens: [Token] = [], compat: Compat = .v1_83) {
        self.masterKey = masterKey
        self.tokens = tokens
        self.compat = compat
    }

    /// Nobody is asked for a key.
    package var isOpen: Bool { masterKey == nil && tokens.isEmpty && !wantsIdentityTokens }
}
