package import NIOSSL
import Synchronization

/// How Weir proves who it is to an upstream, and whom it believes.
package struct TLSIdentity: Sendable, Hashable {
    /// PEM file of the CAs to trust; nil trusts the system's.
    package var certificateAuthorities: String?
    /// PEM files of the client's certificate chain and key, where the upstream wants one.
    package var certificateChain: String?
    package var privateKey: String?
    /// False accepts any certificate: for tests only, and said loudly when the configuration is read.
    package var verifies: Bool

    package init(
        certificateAuthorities: String? = nil, certificateChain: String? = nil, privateKey: String? = nil,
        verifies: Bool = true
    ) {
        self.certificateAuthorities = certificateAuthorities
        self.certificateChain = certificateChain
        self.privateKey = privateKey
        self.verifies = verifies
    }
}

/// The TLS contexts of all loops. A context is made when it is first needed: reading the system's authorities costs
/// memory and time that a gateway in front of plain HTTP never pays.
package final class TLSIdentities: Sendable {
    private struct State {
        var identities: [TLSIdentity] = [TLSIdentity()]
        var contexts: [Int: NIOSSLContext] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The number under which `identity` is known; the same for equal ones. 0 is the system's.
    package func number(of identity: TLSIdentity) -> Int {
        state.withLock { state in
            if let known = state.identities.firstIndex(of: identity) { return known }
            state.identities.append(identity)
            return state.identities.count - 1
        }
    }

    /// The context of the identity with this number. Throws when its files cannot be read.
    package func context(_ number: Int) throws -> NIOSSLContext {
        try state.withLock { state in
            if let made = state.contexts[number] { return made }
            let made = try Self.makeContext(state.identities[number])
            state.contexts[number] = made
            return made
        }
    }

    private static func makeContext(_ identity: TLSIdentity) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        if let file = identity.certificateAuthorities { configuration.trustRoots = .file(file) }
        if let chain = identity.certificateChain {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) }
            let key = try NIOSSLPrivateKey(file: identity.privateKey ?? chain, format: .pem)
            configuration.privateKey = .privateKey(key)
        }
        if !identity.verifies { configuration.certificateVerification = .none }
        return try NIOSSLContext(configuration: configuration)
    }
}
