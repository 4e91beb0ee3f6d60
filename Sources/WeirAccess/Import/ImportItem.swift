import WeirCore

/// What a row of LiteLLM's becomes: ready to be compared with what is here.
struct ImportItem: Sendable {
    enum Content: Sendable {
        /// Its secrets are still open; they are sealed when it is written.
        case entity(Entity)
        /// Only the role counts; budget and spend come with `place`.
        case role(Membership)
        /// All but the role of somebody who is a member already.
        case place(Membership)
        case membership(Membership)
    }

    /// As the report names the row: never a key.
    let label: String
    var content: Content
    var notes: [String] = []
}

/// What is done with a row.
enum ImportOutcome: Sendable { case new, updated, equal, kept, skipped }
