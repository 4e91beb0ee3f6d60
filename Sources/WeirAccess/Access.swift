import NIOCore
package import WeirCore

/// The room that knows who is calling.
package struct Access: Sendable {
    private let known: [KeyDigest: Principal]
    private let anonymous: Principal?
    private let compat: Compat

    package init(_ settings: AccessSettings) {
        var known: [KeyDigest: Principal] = [:]
        for (number, token) in settings.tokens.enumerated() {
            let digest = KeyDigest(of: token.secret)
            known[digest] = Principal(kind: .token, keyHash: digest.hex, alias: token.name, index: number + 1)
        }
        if let key = settings.masterKey {
            let digest = KeyDigest(of: key)
            known[digest] = Principal(kind: .master, keyHash: digest.hex, alias: "", index: settings.tokens.count + 1)
        }
        self.known = known
        compat = settings.compat
        anonymous = settings.isOpen ? Principal(kind: .anonymous, keyHash: "", alias: "", index: 0) : nil
    }

    /// Nobody is asked for a key.
    package var isOpen: Bool { anonymous != nil }

    /// Who shows `credential`. Throws `keyMissing`, `keyMalformed` or `keyUnknown`.
    ///
    /// Keys are compared as digests, so the time taken tells nothing of a key.
    package func identify(_ credential: Credential?) throws(GatewayFault) -> Principal {
        if let anonymous { return anonymous }
        guard let credential else {
            throw GatewayFault(.keyMissing, "Authentication Error, No api key passed in.")
        }
        let digest = KeyDigest(of: credential)
        if let principal = known[digest] { return principal }
        throw refusal(of: credential, digest)
    }

    private func refusal(of credential: Credential, _ digest: KeyDigest) -> GatewayFault {
        let bytes = credential.bytes
        let isKeyLike = bytes.getString(at: bytes.readerIndex, length: min(3, bytes.readableBytes)) == "sk-"
        switch (compat, isKeyLike) {
        case (.v1_109, false):
            return GatewayFault(
                .keyMalformed, "LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.")
        case (.v1_83, false):
            return GatewayFault(
                .keyMalformed,
                "Authentication Error, LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.")
        case (.v1_109, true):
            return GatewayFault(.keyUnknown, "Authentication Error, Invalid API key provided.", param: "key")
        case (.v1_83, true):
            let tail =
                bytes.getString(
                    at: bytes.writerIndex - min(4, bytes.readableBytes), length: min(4, bytes.readableBytes)) ?? ""
            return GatewayFault(
                .keyUnknown,
                "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...\(tail), "
                    + "Key Hash (Token) =\(digest.hex). "
                    + "Unable to find token in cache or `LiteLLM_VerificationTokenTable`", param: "key")
        }
    }
}
