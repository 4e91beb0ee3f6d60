import GRDB
import WeirStorage

/// What SQLite's result codes (https://www.sqlite.org/rescode.html) mean for the store.
enum SQLiteFault {
    static func of(_ error: any Error) -> SQLFault {
        if let fault = error as? SQLFault { return fault }
        guard let error = error as? DatabaseError else { return .broken("\(error)") }
        let message = error.message ?? "\(error.resultCode)"
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return .duplicate(columns(message))
        default: break
        }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .serialization("Another process holds the database: \(message).")
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: return .refused(message)
        case .SQLITE_READONLY where message.contains("readonly database"):
            return .broken("A transaction that only reads cannot change anything, nor a file that may only be read.")
        case .SQLITE_FULL: return .unavailable("The disk of the database is full.")
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_PERM,
            .SQLITE_NOMEM, .SQLITE_INTERRUPT, .SQLITE_ABORT, .SQLITE_PROTOCOL:
            return .unavailable("The database file cannot be used: \(message).")
        default: return .broken(message)
        }
    }

    /// The sentence for a file that cannot be opened.
    static func opening(_ path: String, _ error: any Error) -> SQLFault {
        if let fault = error as? SQLFault { return fault }
        guard let error = error as? DatabaseError else { return .unavailable("\(path) cannot be opened: \(error)") }
        switch error.resultCode {
        case .SQLITE_NOTADB: return .unavailable("\(path) is a file, but no SQLite database; choose another path.")
        case .SQLITE_CORRUPT: return .unavailable("\(path) is damaged; restore it from a backup.")
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .unavailable("\(path) is held by another process.")
        case .SQLITE_READONLY, .SQLITE_PERM: return .unavailable("\(path) may not be written by this user.")
        case .SQLITE_FULL: return .unavailable("The disk of \(path) is full.")
        default: return .unavailable("\(path) cannot be opened: \(error.message ?? "\(error.resultCode)").")
        }
    }

    /// From `UNIQUE constraint failed: keys.key_alias, keys.team` what stands behind the colon; of an index on an expression,
    /// `index 'name'`, the name alone.
    private static func columns(_ message: String) -> String {
        guard let colon = message.firstRange(of: ": ") else { return message }
        let columns = message[colon.upperBound...]
        guard columns.hasPrefix("index '"), columns.hasSuffix("'") else { return String(columns) }
        return String(columns.dropFirst(7).dropLast())
    }
}

extension SQLFault {
    /// What is left when nobody runs the transaction again.
    var givenUp: SQLFault {
        if case .serialization(let why) = self { .unavailable(why) } else { self }
    }
}
