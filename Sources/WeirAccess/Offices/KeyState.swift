import WeirCore

/// What a key is at a moment.
enum KeyState: String, Sendable {
    case active, blocked, expired

    init(of key: Entity, at now: Int64) {
        if key.document.bool("blocked") == true {
            self = .blocked
        } else if let end = key.document.int("expires"), Int64(end) <= now {
            self = .expired
        } else {
            self = .active
        }
    }
}
