import CLibPQ
import Dispatch
import WeirCore
import WeirStorage

/// One connection, and the queue whose thread it blocks.
// never: unsafe because the pool lends a connection to one borrower at a time, who uses it on `queue` only, and gives it
// back from there before anybody else is told of it.
final class PostgresConnection: @unchecked Sendable {  // never: unsafe because all use is on `queue`, as said above
    let queue: DispatchQueue
    /// The pool's count of how often all connections were found to be out of date, when this one was made.
    var generation = 0
    /// While a transaction only reads, what it tries to write is its own mistake, and not that of the server.
    var isReading = false
    /// Must not be used again.
    private(set) var isBroken = false
    /// The server was not heard in time.
    private(set) var isSilent = false
    private let settings: PostgresSettings
    /// libpq's; used until `deinit` and nowhere else.
    private let pointer: OpaquePointer

    /// Blocks until it is connected and logged in.
    init(_ settings: PostgresSettings, queue: DispatchQueue) throws(SQLFault) {
        let keywords = settings.keywords
        // Both lists end with a null pointer and live until pq_connect has copied them.
        let made: OpaquePointer? =
            LibPQ.withCStrings(keywords.map(\.name)) { names in
                LibPQ.withCStrings(keywords.map(\.value)) { values in pq_connect(names, values) } ?? nil
            } ?? nil
        guard let made else { throw .unavailable("No memory is left for a connection to PostgreSQL.") }
        guard pq_is_open(made) != 0 else {
            let why = Self.line(LibPQ.text(pq_error(made)) ?? "")
            // Given by pq_connect, and let go here: nobody else has seen it.
            pq_finish(made)
            throw .unavailable(settings.hidingSecrets("PostgreSQL at \(settings.place) cannot be reached: \(why)"))
        }
        pointer = made
        self.settings = settings
        self.queue = queue
    }

    // The last reference is gone, so that nobody can use the pointer that pq_connect gave.
    deinit { pq_finish(pointer) }

    var isInTransaction: Bool { pq_in_transaction(pointer) != 0 }

    func giveUp() { isBroken = true }

    /// One statement with its values.
    func ask(_ sql: String, _ values: [SQLValue], within patience: Timeout) throws(SQLFault) -> PostgresAnswer {
        var texts: [String?] = []
        for value in values { texts.append(try PostgresAnswer.text(value)) }
        _ = try SQLText.checked(sql)
        return try send(sql, texts, within: patience)
    }

    /// Statements of ours without values, in one round trip; answers with the last.
    func tell(_ sql: String, within patience: Timeout) throws(SQLFault) -> PostgresAnswer {
        try send(sql, nil, within: patience)
    }

    private func send(_ sql: String, _ values: [String?]?, within patience: Timeout) throws(SQLFault) -> PostgresAnswer
    {
        guard !isBroken else { throw .unavailable("The connection to PostgreSQL is lost.") }
        var result: OpaquePointer?
        let milliseconds = Int32(clamping: patience.nanoseconds / 1_000_000)
        // As many values as are counted, in a list that lives during the call.
        let outcome = LibPQ.withCStrings(values ?? []) { list in
            pq_exec(pointer, sql, Int32(values?.count ?? -1), list, milliseconds, &result)
        }
        // Given by pq_exec to be cleared once; nothing below keeps it.
        defer { if let result { pq_clear(result) } }
        switch outcome {
        case PQ_ANSWERED?:
            guard let result else { throw lost("PostgreSQL gave no result") }
            if pq_succeeded(result) != 0 { return PostgresAnswer(result) }
            throw fault(of: result)
        case PQ_LATE?:
            isSilent = true
            isBroken = true
            throw .unavailable(
                "PostgreSQL at \(settings.place) did not answer within \(patience.nanoseconds / 1_000_000) ms.")
        default:
            isBroken = true
            if let result, pq_field(result, Self.stateField) != nil { throw fault(of: result) }
            throw lost(Self.line(LibPQ.text(pq_error(pointer)) ?? ""))
        }
    }

    private func lost(_ why: String) -> SQLFault {
        isBroken = true
        return .unavailable(settings.hidingSecrets("The connection to PostgreSQL at \(settings.place) broke: \(why)"))
    }

    private func fault(of result: OpaquePointer) -> SQLFault {
        let state = LibPQ.text(pq_field(result, Self.stateField)) ?? ""
        if isReading, state == "25006" { return PostgresState.readOnly }
        let message = LibPQ.text(pq_field(result, Self.messageField)) ?? "an error without a message"
        let isFatal = pq_is_open(pointer) == 0 || LibPQ.text(pq_field(result, Self.severityField)) != "ERROR"
        if PostgresState.endsConnection(state, isFatal: isFatal) { isBroken = true }
        let constraint = LibPQ.text(pq_field(result, Self.constraintField))
        return PostgresState.fault(
            state, settings.hidingSecrets(message), constraint: constraint, isFatal: isFatal)
    }

    /// As the server says it in English, whatever its language.
    private static let severityField = Int32(UInt8(ascii: "V"))
    private static let stateField = Int32(UInt8(ascii: "C"))
    private static let messageField = Int32(UInt8(ascii: "M"))
    private static let constraintField = Int32(UInt8(ascii: "n"))

    /// libpq's messages have several lines.
    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
