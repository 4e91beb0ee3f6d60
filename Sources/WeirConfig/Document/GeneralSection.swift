package import WeirCore

/// `general_settings`: the fields that Weir acts on.
package struct GeneralSection: Sendable {
    /// From here or, when it is not set here, from `LITELLM_MASTER_KEY`. Never empty.
    package var masterKey: Secret?
    /// From here or, when it is not set here, from `WEIR_COMPAT`.
    package var compat = Compat.v1_83
    /// A header that carries the key instead of `Authorization`, in lower case.
    package var keyHeaderName: String?
    /// In bytes; nil for no limit of its own.
    package var maxRequestSize: Int?
    /// Kept; it is acted on later.
    package var forwardClientHeaders = false

    package init() {}
}
