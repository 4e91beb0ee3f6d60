import Crypto
import WeirCore

/// What wraps data keys: made of the master secret by HKDF-SHA-256.
struct MasterSecret: Sendable {
    private static let context = Array("weir data key".utf8)
    private let key: SymmetricKey

    init(_ secret: Secret) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(secret.revealed().utf8)), info: Self.context,
            outputByteCount: AuthenticatedBox.keyBytes)
    }

    /// Bound to the data key's id, so that one cannot be put in another's place.
    func wrap(_ dataKey: SymmetricKey, id: String, nonce: [UInt8]) throws(VaultFault) -> String {
        let plain = dataKey.withUnsafeBytes { Array($0) }
        return Base64.url(try AuthenticatedBox.seal(plain, key, nonce: nonce, authenticating: Array(id.utf8)))
    }

    /// Nil when it was wrapped by another master secret.
    func unwrap(_ wrapped: String, id: String) -> SymmetricKey? {
        guard let box = Base64.bytes(wrapped),
            let plain = AuthenticatedBox.open(box, key, authenticating: Array(id.utf8)),
            plain.count == AuthenticatedBox.keyBytes
        else { return nil }
        return SymmetricKey(data: plain)
    }
}
