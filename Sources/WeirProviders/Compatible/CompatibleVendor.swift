/// A vendor that speaks OpenAI's dialect: one row, no code.
package struct CompatibleVendor: Sendable {
    /// How the address of a call is made.
    package enum AddressForm: Sendable, Equatable {
        /// Base and path.
        case plain
        /// Azure OpenAI: the deployment is part of the path, the version is a query item; with the versions `v1`,
        /// `latest` and `preview` the path is `/openai/v1` and the deployment is the model.
        case azure
    }

    /// How the key is shown.
    package enum KeyForm: Sendable, Equatable {
        case bearer
        /// `api-key: …`
        case apiKeyField
    }

    /// The prefix of `litellm_params.model`.
    package let prefix: String
    /// Where it listens when the configuration names no `api_base`; nil when one must be named.
    package let base: String?
    /// Environment variables that may name the base, first wins.
    package let baseVariables: [String]
    /// Environment variables that may hold the key, first wins.
    package let keyVariables: [String]
    package var addressForm = AddressForm.plain
    package var keyForm = KeyForm.bearer
    /// A base without a path may be meant with `/v1` or as it stands: found out at the first call.
    package var mayLackVersionPath = false
    /// Works without a key.
    package var isKeyless = false
    /// Put before a model's name that does not have it yet.
    package var modelPrefix = ""
    /// Parameters that the vendor refuses: left out when `drop_params` is set.
    package var unsupported: [String] = []
    /// `max_completion_tokens` goes out as `max_tokens`.
    package var wantsMaxTokens = false
    /// Knows `stream_options`; without it the usage must come by itself.
    package var hasStreamOptions = true
}
