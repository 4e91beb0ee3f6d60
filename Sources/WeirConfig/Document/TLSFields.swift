/// How a provider's certificate is checked, and what is shown to it. Paths are as written.
package struct TLSFields: Sendable, Hashable {
    /// `ssl_verify: false` switches the check off. Nil when nothing was said.
    package var verifies: Bool?
    /// A file with the certificates of the authorities to trust: `ssl_verify` when it is a path.
    package var trustRoots: String?
    /// `ssl_certificate` or `client_certificate`: a PEM file to identify with.
    package var clientCertificate: String?
    /// `client_key`; nil when the certificate's file holds the key too.
    package var clientKey: String?

    package init() {}
}
