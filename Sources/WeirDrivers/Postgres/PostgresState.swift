import WeirStorage

/// What PostgreSQL's SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html) mean for the store.
enum PostgresState {
    static let readOnly = SQLFault.broken("A transaction that only reads cannot change anything.")

    /// - Parameter constraint: the name of the one that was violated.
    /// - Parameter isFatal: the server closes the connection after it.
    static func fault(_ state: String, _ message: String, constraint: String?, isFatal: Bool = false) -> SQLFault {
        // A pooler says so when it lost its server, the server when a value is missing.
        if state == "08P01", !isFatal { return .broken("\(message) (SQLSTATE \(state))") }
        switch state {
        case "23505": return .duplicate(constraint ?? message)
        case "40001", "40P01": return .serialization(message)
        case "57014": return .unavailable("PostgreSQL ended a statement that took too long: \(message).")
        case "55P03": return .unavailable("PostgreSQL did not give a lock in time: \(message).")
        case "25006", "25P03", "25P04": return .unavailable("PostgreSQL cannot write: \(message).")
        default: break
        }
        switch state.prefix(2) {
        // Data that does not fit, constraints, and what a trigger says.
        case "22", "23", "44", "P0": return .refused(message)
        // Connection, resources, operator, system.
        case "08", "53", "57", "58", "28", "3D": return .unavailable("PostgreSQL cannot serve: \(message).")
        case "40": return .serialization(message)
        default: return .broken("\(message) (SQLSTATE \(state))")
        }
    }

    /// Whether the connection leads to a server that is not the right one, or not for long.
    static func endsConnection(_ state: String, isFatal: Bool) -> Bool {
        isFatal || state.hasPrefix("57P") || state == "25006"
    }
}
