import Crypto

/// AES-256-GCM: nonce (96 bits), ciphertext and tag (128 bits), one after the other.
enum AuthenticatedBox {
    static let keyBytes = 32
    static let nonceBytes = 12
    private static let tagBytes = 16

    /// `nonce` must never be used twice with the same key.
    static func seal(
        _ plain: [UInt8], _ key: SymmetricKey, nonce: [UInt8], authenticating context: [UInt8]
    ) throws(VaultFault) -> [UInt8] {
        do {
            let sealed = try AES.GCM.seal(
                plain, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: context)
            return nonce + Array(sealed.ciphertext) + Array(sealed.tag)
        } catch {
            throw .broken("\(error)")
        }
    }

    /// Nil when the key is another one, the context is, or a bit was changed.
    static func open(_ box: [UInt8], _ key: SymmetricKey, authenticating context: [UInt8]) -> [UInt8]? {
        guard box.count >= nonceBytes + tagBytes else { return nil }
        let body = box.dropFirst(nonceBytes)
        guard let nonce = try? AES.GCM.Nonce(data: Array(box.prefix(nonceBytes))),
            let sealed = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: Array(body.dropLast(tagBytes)), tag: Array(body.suffix(tagBytes))),
            let plain = try? AES.GCM.open(sealed, using: key, authenticating: context)
        else { return nil }
        return Array(plain)
    }
}
