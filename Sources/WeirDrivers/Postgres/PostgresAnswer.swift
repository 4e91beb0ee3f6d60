import CLibPQ
import WeirStorage

/// What a statement answered.
struct PostgresAnswer {
    let rows: [SQLRow]
    let touched: Int
    /// Such as `COMMIT`.
    let command: String

    /// - Parameter result: a result that libpq has given and nobody has cleared; it is only read.
    init(_ result: OpaquePointer) {
        let columns = 0..<pq_columns(result)
        let types = columns.map { pq_type(result, $0) }
        // Row and column stay below the counts that libpq has given.
        rows = (0..<pq_rows(result)).map { row in
            SQLRow(columns.map { Self.value(result, row, $0, type: types[Int($0)]) })
        }
        touched = LibPQ.text(pq_touched(result)).flatMap { Int($0) } ?? 0
        command = LibPQ.text(pq_command(result)) ?? ""
    }

    private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, type: UInt32) -> SQLValue {
        if pq_is_null(result, row, column) != 0 { return .null }
        guard let start = pq_value(result, row, column) else { return .null }
        // libpq keeps that many bytes there as long as the result lives; the text is a copy.
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(pq_length(result, row, column)))
        return value(String(decoding: bytes, as: UTF8.self), type: type)
    }

    /// By the numbers of pg_type.dat: bool, int8, int2, int4, oid, float4, float8, numeric, void; all others are texts.
    static func value(_ text: String, type: UInt32) -> SQLValue {
        switch type {
        case 16: .bool(text == "t")
        case 20, 21, 23, 26: Int64(text).map { .int($0) } ?? .text(text)
        case 700, 701: Double(text).map { .double($0) } ?? .text(text)
        // A sum of whole numbers is a numeric, too.
        case 1700: Int64(text).map { .int($0) } ?? .text(text)
        case 2278: .null
        default: .text(text)
        }
    }

    static func text(_ value: SQLValue) throws(SQLFault) -> String? {
        switch value {
        case .null: nil
        case .int(let number): String(number)
        case .text(let text): try SQLText.checked(text)
        case .bool(let flag): flag ? "t" : "f"
        case .double(let number): "\(number)"
        }
    }
}
