import CLibPQ
import WeirStorage

/// PostgreSQL's own client library, which is loaded when a PostgreSQL is configured.
enum LibPQ {
    /// The name that every libpq since PostgreSQL 8.2 has on Linux.
    static let name = "libpq.so.5"

    static func load(_ name: String = name) throws(SQLFault) {
        switch pq_load(name) {
        case PQ_LOADED: break
        case PQ_MISSING: throw .unavailable("\(name) is not installed, which PostgreSQL needs: apt install libpq5")
        default: throw .unavailable("\(name) is too old; install libpq5 of PostgreSQL 12 or later.")
        }
    }

    /// Lends the texts as C strings, with a null pointer where one is nil and behind the last.
    static func withCStrings<Result>(
        _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result? {
        var bytes: [CChar] = []
        var starts: [Int?] = []
        for text in texts {
            starts.append(text == nil ? nil : bytes.count)
            if let text { bytes += text.utf8CString }
        }
        starts.append(nil)
        return bytes.withUnsafeBufferPointer { bytes in
            // Each start lies within the buffer, for at least the zero byte of its text stands there, and the buffer is not
            // touched until `body` has ended. With no text at all there is no address, and no start either.
            let pointers = starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } }
            // At least the closing nil is in it, so that the list has an address.
            return pointers.withUnsafeBufferPointer { $0.baseAddress.map(body) }
        }
    }

    /// Nil for a null pointer. libpq ends its texts with a zero byte and leaves them alone until the caller does something.
    static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
}
