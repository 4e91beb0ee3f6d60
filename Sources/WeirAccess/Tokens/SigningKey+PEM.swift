import Crypto
import JWTKit
import WeirCore

extension SigningKey {
    /// What stands before an Ed25519 key of 32 bytes in its PEM (RFC 8410).
    private static let ed25519Head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    static func isPEM(_ text: String) -> Bool { text.contains("-----BEGIN ") }

    /// Every public key and certificate of a text (RFC 7468), for every algorithm that its kind allows. What is neither, and
    /// private keys, are passed over. A line break may be written as a backslash and an n, as variables often have it.
    static func read(pem text: String, named name: String? = nil) async -> [SigningKey] {
        var keys: [SigningKey] = []
        var rest = text.replacing("\\n", with: "\n")[...]
        while keys.count < greatestCount, let begin = rest.firstRange(of: "-----BEGIN "),
            let end = rest[begin.upperBound...].firstRange(of: "-----END "),
            let close = rest[end.upperBound...].firstRange(of: "-----")
        {
            keys += await block(String(rest[begin.lowerBound..<close.upperBound]), name)
            rest = rest[close.upperBound...]
        }
        return keys
    }

    private static func block(_ pem: String, _ name: String?) async -> [SigningKey] {
        guard !pem.contains("PRIVATE") else { return [] }
        let isCertificate = pem.hasPrefix("-----BEGIN CERTIFICATE")
        let collection = JWTKeyCollection()
        let algorithms = await add(pem, isCertificate: isCertificate, to: collection)
        var keys: [SigningKey] = []
        for algorithm in algorithms {
            guard let key = try? await collection.getKey(for: JWKIdentifier(string: algorithm)) else { continue }
            keys.append(SigningKey(name: name, algorithm: algorithm, key: key))
        }
        return keys
    }

    /// Adds the key once for each algorithm, by whose name it is found; their names.
    private static func add(_ pem: String, isCertificate: Bool, to keys: JWTKeyCollection) async -> [String] {
        if let rsa = try? isCertificate ? Insecure.RSA.PublicKey(certificatePEM: pem) : .init(pem: pem) {
            for (size, digest) in [("256", DigestAlgorithm.sha256), ("384", .sha384), ("512", .sha512)] {
                await keys.add(rsa: rsa, digestAlgorithm: digest, kid: JWKIdentifier(string: "RS" + size))
                await keys.add(pss: rsa, digestAlgorithm: digest, kid: JWKIdentifier(string: "PS" + size))
            }
            return ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
        }
        if let key = try? isCertificate ? ES256PublicKey(certificate: pem) : .init(pem: pem) {
            await keys.add(ecdsa: key, kid: "ES256")
            return ["ES256"]
        }
        if let key = try? isCertificate ? ES384PublicKey(certificate: pem) : .init(pem: pem) {
            await keys.add(ecdsa: key, kid: "ES384")
            return ["ES384"]
        }
        if let key = try? isCertificate ? ES512PublicKey(certificate: pem) : .init(pem: pem) {
            await keys.add(ecdsa: key, kid: "ES512")
            return ["ES512"]
        }
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let bytes = Base64.bytes(body.filter { !$0.isWhitespace }), bytes.starts(with: ed25519Head),
            let key = try? EdDSA.PublicKey(x: Base64.url(bytes.dropFirst(ed25519Head.count)), curve: .ed25519)
        else { return [] }
        await keys.add(eddsa: key, kid: "EdDSA")
        return ["EdDSA"]
    }
}
