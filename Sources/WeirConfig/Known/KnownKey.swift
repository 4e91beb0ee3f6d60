/// A key that a configuration may have, and what becomes of it.
package struct KnownKey: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case text, flag
        /// A whole number of at least 0.
        case count
        /// Any whole number.
        case whole
        case number
        /// A number of seconds.
        case seconds
        /// A TCP port, 1 to 65535.
        case port
        case list, map, any
    }

    package enum Stage: String, Sendable, CaseIterable {
        /// Acted on.
        case now
        /// A part is acted on; the meaning says which part is not.
        case partly
        /// Known and read past; a warning says so.
        case later
    }

    /// Where the key may stand: `general_settings`, `model_list[].litellm_params`; empty for the top of the file.
    package let section: String
    package let name: String
    package let kind: Kind
    package let stage: Stage
    /// One line for the list of settings.
    package let meaning: String

    /// `general_settings.master_key`.
    package var path: String { section.isEmpty ? name : "\(section).\(name)" }
}
