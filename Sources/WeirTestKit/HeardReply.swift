import NIOCore
package import WeirCore

/// A reply as a client hears it: read from its bytes by the plainest rules, independent of the house's own reader.
package struct HeardReply {
    package let status: Int
    package let fields: [(name: String, value: String)]
    package let body: String
    /// The body's end was there: its length is right, its last chunk came, or it has none.
    package let isComplete: Bool

    /// The value of the first field with this lowercase name.
    package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    package func count(of name: String) -> Int { fields.count { $0.name == name } }

    /// All replies in `bytes`, one after the other.
    ///
    /// - Parameter heads: which of the final replies answer HEAD requests, by number.
    package static func all(in bytes: Bytes, heads: Set<Int> = []) -> [HeardReply] {
        var rest = Array(bytes.readableBytesView)[...]
        var replies: [HeardReply] = []
        var finals = 0
        while let reply = read(&rest, isHead: heads.contains(finals)) {
            replies.append(reply)
            if reply.status >= 200 { finals += 1 }
        }
        return replies
    }

    private static func read(_ rest: inout ArraySlice<UInt8>, isHead: Bool) -> HeardReply? {
        guard let line = line(&rest), line.hasPrefix("HTTP/1.1 ") else { return nil }
        let status = Int(line.dropFirst(9).prefix(3)) ?? 0
        var fields: [(name: String, value: String)] = []
        while let text = Self.line(&rest), !text.isEmpty {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            fields.append((parts[0].lowercased(), String(value)))
        }
        let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        let isChunked = fields.contains { $0.name == "transfer-encoding" && $0.value == "chunked" }
        if isHead || status < 200 || status == 204 || status == 304 {
            return HeardReply(status: status, fields: fields, body: "", isComplete: true)
        }
        if isChunked {
            let (body, isComplete) = chunks(&rest)
            return HeardReply(status: status, fields: fields, body: body, isComplete: isComplete)
        }
        let body = rest.prefix(length ?? rest.count)
        rest = rest.dropFirst(body.count)
        return HeardReply(
            status: status, fields: fields, body: String(decoding: body, as: UTF8.self),
            isComplete: length.map { $0 == body.count } ?? false)
    }

    private static func chunks(_ rest: inout ArraySlice<UInt8>) -> (String, Bool) {
        var body: [UInt8] = []
        while let size = line(&rest).flatMap({ Int($0, radix: 16) }), rest.count >= size + 2 {
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
            if size == 0 { return (String(decoding: body, as: UTF8.self), true) }
        }
        return (String(decoding: body, as: UTF8.self), false)
    }

    private static func line(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let end = rest.firstIndex(of: 10), end > rest.startIndex, rest[end - 1] == 13 else { return nil }
        let text = String(decoding: rest[..<(end - 1)], as: UTF8.self)
        rest = rest[(end + 1)...]
        return text
    }
}
