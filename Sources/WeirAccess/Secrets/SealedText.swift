/// A sealed secret as it stands in a document: `weir:v1:<data key id>:<base64url of nonce, ciphertext and tag>`.
package struct SealedText: Sendable, Hashable {
    private static let prefix = "weir:v1:"

    let dataKeyID: String
    let box: [UInt8]

    init(dataKeyID: String, box: [UInt8]) {
        self.dataKeyID = dataKeyID
        self.box = box
    }

    /// Nil when it is not of this form.
    init?(_ text: String) {
        guard Self.isSealed(text) else { return nil }
        let parts = text.dropFirst(Self.prefix.count).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let box = Base64.bytes(String(parts[1])) else { return nil }
        self.init(dataKeyID: String(parts[0]), box: box)
    }

    var text: String { "\(Self.prefix)\(dataKeyID):\(Base64.url(box))" }

    /// Whether a text claims to be one.
    package static func isSealed(_ text: String) -> Bool { text.hasPrefix(prefix) }
}
