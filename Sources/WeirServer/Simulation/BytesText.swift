import NIOCore  // never: quarantine because the door's JSON comes as bytes, and what commands print is text
import WeirCore

/// JSON of the rooms as text for commands.
enum BytesText {
    static func text(_ bytes: Bytes) -> String { String(decoding: bytes.readableBytesView, as: UTF8.self) }
}
