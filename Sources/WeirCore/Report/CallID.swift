/// The name of one request in headers, logs and traces: a random UUID (RFC 9562, version 4), or what the client sent.
package struct CallID: Sendable, Equatable {
    package let text: String

    /// A client's own id. At most 256 printable ASCII characters; nil otherwise.
    package init?(given text: String) {
        guard !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        self.text = text
    }

    /// Made from 128 random bits.
    package init(high: UInt64, low: UInt64) {
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        text = HexText.uuid(high, low)
    }
}
