package import WeirCore

/// A name with a value that may be confidential: a header line, an environment variable, a provider's credential.
package struct NamedSecret: Sendable {
    package let name: String
    package let value: Secret

    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
    }
}
