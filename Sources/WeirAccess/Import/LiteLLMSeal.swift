import Crypto
package import WeirCore

/// Opens what LiteLLM sealed in its database.
///
/// Its forms: NaCl's secret box in base64, nonce first, under the SHA-256 of the salt key; `v2:gcm:` and base64 of nonce
/// (12 bytes), ciphertext and tag (16) of AES-256-GCM under the same key; `v3:gcm:`, the same under a key that HKDF-SHA-256
/// made of the salt key, without salt, for `litellm-at-rest-v3`.
package struct LiteLLMSeal: Sendable {
    /// What a text of LiteLLM's database turned out to be.
    package enum Reading: Sendable {
        /// It does not look sealed.
        case plain
        case opened(Secret)
        /// It looks sealed, and none of the keys opens it.
        case closed
    }

    private let keys: [Secret]

    /// `saltKeys` are tried in their order: `LITELLM_SALT_KEY`, and the master key, which stands in where there is none.
    package init(saltKeys: [Secret]) { keys = saltKeys.filter { !$0.isEmpty } }

    /// No key was given: nothing that is sealed can be opened.
    package var isEmpty: Bool { keys.isEmpty }

    package func read(_ text: String) -> Reading {
        for (prefix, derive) in Self.forms where text.hasPrefix(prefix) {
            guard let bytes = Base64.bytes(String(text.dropFirst(prefix.count))) else { return .closed }
            return reading(of: keys.lazy.compactMap { Self.openGCM(bytes, key: derive($0)) }.first)
        }
        guard text.utf8.count >= 54, let bytes = Base64.bytes(text) else { return .plain }
        return reading(of: keys.lazy.compactMap { SecretBox.open(bytes, key: Self.digest($0)) }.first)
    }

    private func reading(of bytes: [UInt8]?) -> Reading {
        guard let bytes, let text = String(validating: bytes, as: UTF8.self) else { return .closed }
        return .opened(Secret(text))
    }

    private static let forms: [(prefix: String, derive: @Sendable (Secret) -> [UInt8])] = [
        ("v2:gcm:", digest), ("v3:gcm:", derived),
    ]

    private static func openGCM(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 28, let box = try? AES.GCM.SealedBox(combined: bytes),
            let opened = try? AES.GCM.open(box, using: SymmetricKey(data: key))
        else { return nil }
        return Array(opened)
    }

    private static func digest(_ key: Secret) -> [UInt8] { Array(SHA256.hash(data: Array(key.revealed().utf8))) }

    private static func derived(_ key: Secret) -> [UInt8] {
        let made = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(key.revealed().utf8)), info: Array("litellm-at-rest-v3".utf8),
            outputByteCount: 32)
        return made.withUnsafeBytes { Array($0) }
    }
}
