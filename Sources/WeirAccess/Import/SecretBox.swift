/// NaCl's `crypto_secretbox` (XSalsa20-Poly1305), for reading alone: nothing is sealed in this form here.
package enum SecretBox {
    /// Bytes of the nonce that stands before a box, and of the tag that a box begins with.
    package static let nonceBytes = 24
    package static let tagBytes = 16

    /// What is in `sealed` (nonce, tag, ciphertext); nil when it was not sealed with `key` (32 bytes), or was changed.
    package static func open(_ sealed: [UInt8], key: [UInt8]) -> [UInt8]? {
        guard sealed.count >= nonceBytes + tagBytes else { return nil }
        let nonce = Array(sealed[0..<nonceBytes])
        let tag = sealed[nonceBytes..<nonceBytes + tagBytes]
        let ciphertext = sealed[(nonceBytes + tagBytes)...]
        // The stream's first 32 bytes are the authenticator's key; the message begins right behind them.
        guard let stream = Salsa20.xStream(key: key, nonce: nonce, count: 32 + ciphertext.count),
            let expected = Poly1305.tag(of: ciphertext, key: Array(stream[0..<32])),
            Poly1305.areEqual(tag, expected)
        else { return nil }
        return zip(ciphertext, stream[32...]).map { $0 ^ $1 }
    }
}
