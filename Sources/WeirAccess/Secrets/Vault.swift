package import WeirCore

/// Seals what must not be read from the store: provider keys of models and credentials.
package struct Vault: Sendable {
    /// Nil: nothing can be sealed, so nothing secret is taken.
    private let master: Secret?

    package init(master: Secret?) { self.master = master }
}
