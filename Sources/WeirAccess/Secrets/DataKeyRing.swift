import Crypto
import Synchronization

/// The data keys that were unwrapped so far, by id, each with the text that it was unwrapped from: a key whose transaction
/// came to nothing may be followed by another with the same id.
final class DataKeyRing: Sendable {
    struct Entry: Sendable {
        let wrapped: String
        let key: SymmetricKey
    }

    private let entries = Mutex<[String: Entry]>([:])

    func entry(_ id: String) -> Entry? { entries.withLock { $0[id] } }
    func keep(_ entry: Entry, _ id: String) { entries.withLock { $0[id] = entry } }
}
