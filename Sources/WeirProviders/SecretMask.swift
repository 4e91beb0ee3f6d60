import NIOCore
package import WeirCore

/// Takes secrets out of texts that others wrote.
package enum SecretMask {
    /// `text` with every occurrence of a secret replaced by `***`. Secrets below 6 bytes are too common to look for.
    package static func mask(_ text: Bytes, _ secrets: [Secret]) -> Bytes {
        var masked = text
        // The longest first: one may be part of another.
        let wanted = secrets.map { Array($0.revealed().utf8) }.sorted { $0.count > $1.count }
        for wanted in wanted where wanted.count >= 6 {
            masked = replacing(wanted, in: masked)
        }
        return masked
    }

    private static func replacing(_ wanted: [UInt8], in text: Bytes) -> Bytes {
        let bytes = Array(text.readableBytesView)
        var result = Bytes()
        var copied = 0
        var at = 0
        while at + wanted.count <= bytes.count {
            if bytes[at] == wanted[0], bytes[at..<(at + wanted.count)].elementsEqual(wanted) {
                result.writeBytes(bytes[copied..<at])
                result.writeStaticString("***")
                at += wanted.count
                copied = at
            } else {
                at += 1
            }
        }
        guard copied > 0 else { return text }
        result.writeBytes(bytes[copied...])
        return result
    }
}
