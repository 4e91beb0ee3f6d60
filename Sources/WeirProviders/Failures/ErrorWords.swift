import NIOCore
import WeirCore

/// What the body of an error says: the names it gives to the error, its texts and its hints of how long to wait.
///
/// Read from the beginning of the body only, in one pass and without decoding it, so that a large or cut-off body costs no
/// more than a small one. Members that repeat what the caller sent (`input`, `failed_generation` and the like) are not
/// looked at: the caller's words must not decide what becomes of an upstream.
struct ErrorWords {
    /// How much of a body is read.
    static let readBytes = 16 << 10
    /// How much text is kept of it.
    static let textBytes = 4 << 10
    private static let codeCount = 16
    private static let hintCount = 16
    private static let nameBytes = 64
    private static let maximumDepth = 12

    /// In small letters, without what AWS puts around them.
    private(set) var codes: [String] = []
    /// In small letters; each text stands between line feeds, and has none inside.
    private(set) var text: [UInt8] = [10]
    private var sketch: [UInt64] = []
    /// Members that tell how long to wait: names and values in small letters.
    private(set) var hints: [(name: String, value: [UInt8])] = []

    init(_ body: Bytes) {
        guard body.readableBytes > 0 else { return }
        body.withUnsafeReadableBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all.prefix(Self.readBytes))
            var start = 0
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
            while start < bytes.count, bytes[start] <= 0x20 { start += 1 }
            guard start < bytes.count else { return }
            switch bytes[start] {
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""): read(bytes, from: start)
            default: note(text: UnsafeRawBufferPointer(rebasing: bytes[start...]))
            }
        }
        sketch = SoughtPhrase.sketch(of: text)
    }

    /// One of the texts says so.
    func say(_ phrase: SoughtPhrase) -> Bool {
        let parts = phrase.parts
        guard phrase.maybeIn(sketch), let first = parts.first else { return false }
        var from = 0
        while let found = text.place(of: first, from: from) {
            var at = found + first.count
            let end = text[at...].firstIndex(of: 10) ?? text.count
            var isThere = true
            for part in parts.dropFirst() {
                guard let next = text.place(of: part, from: at), next + part.count <= end else {
                    isThere = false
                    break
                }
                at = next + part.count
            }
            if isThere { return true }
            // Behind the first text that has the first part, but not the others.
            from = max(end, found + 1)
        }
        return false
    }

    /// Where `phrase` ends in `text`.
    func end(of phrase: [UInt8]) -> Int? { text.place(of: phrase).map { $0 + phrase.count } }

    // MARK: Reading

    private enum Role { case none, container, code, text, hint }

    private static func role(of key: String) -> Role {
        switch key {
        case "code", "type", "status", "reason", "__type", "error_code", "error_type", "errorcode", "errortype",
            "statuscode", "blockreason":
            .code
        case "message", "msg", "error_message", "errormessage", "error_description", "description", "raw", "quotaid",
            "reasons", "":
            .text
        case "retrydelay", "retry_after", "retry_after_seconds", "retry_after_ms", "retryafter", "estimated_time",
            "x-ratelimit-reset", "x-ratelimit-remaining":
            .hint
        // Objects in one dialect, plain texts in another.
        case "error", "errors", "detail", "details", "fault": .container
        case "innererror", "inner_error", "metadata", "headers", "violations", "response", "promptfeedback", "body":
            .container
        default: .none
        }
    }

    /// Walks through the text of a JSON value as far as it goes. The innermost member that is looked into is the last of
    /// `open`; others are skipped by counting brackets.
    private mutating func read(_ bytes: UnsafeRawBufferPointer, from start: Int) {
        var open: [(key: String, isObject: Bool)] = []
        var skipped = 0
        var key = ""
        var at = start
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isElement = open.last.map { !$0.isObject } ?? true
                let name = isElement ? open.last?.key ?? "" : key
                let isWanted = isElement || Self.role(of: name) == .container
                if skipped > 0 || !isWanted || open.count == Self.maximumDepth {
                    skipped += 1
                } else {
                    open.append((name, byte == UInt8(ascii: "{")))
                }
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if skipped > 0 {
                    skipped -= 1
                } else {
                    if open.isEmpty { return }
                    open.removeLast()
                    if open.isEmpty { return }
                }
                at += 1
            case UInt8(ascii: "\""):
                let end = Self.stringEnd(bytes, at + 1)
                let inner = UnsafeRawBufferPointer(rebasing: bytes[at + 1..<end])
                at = min(end + 1, bytes.count)
                if skipped > 0 { continue }
                if open.last?.isObject == true {
                    var next = at
                    while next < bytes.count, bytes[next] <= 0x20 { next += 1 }
                    if next < bytes.count, bytes[next] == UInt8(ascii: ":") {
                        key = Self.lowercased(inner.prefix(Self.nameBytes))
                        at = next + 1
                        continue
                    }
                    note(inner, of: key)
                } else {
                    note(inner, of: open.last?.key ?? "")
                    if open.isEmpty { return }
                }
            case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"):
                at += 1
            default:
                let begin = at
                while at < bytes.count, !Self.isDelimiter(bytes[at]) { at += 1 }
                let value = UnsafeRawBufferPointer(rebasing: bytes[begin..<at])
                // `null`, `true` and `false` name nothing.
                if skipped == 0, open.last?.isObject == true, value.first.map({ $0 <= UInt8(ascii: "9") }) == true {
                    note(value, of: key)
                }
            }
        }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "\""):
            true
        default: false
        }
    }

    /// Where the string's last quote stands, or the end.
    private static func stringEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(at, bytes.count)
    }

    private mutating func note(_ value: UnsafeRawBufferPointer, of key: String) {
        switch Self.role(of: key) {
        case .code:
            guard codes.count < Self.codeCount, !value.isEmpty, value.count <= Self.nameBytes else { return }
            let code = ErrorWords.code(Self.lowercased(value[...]))
            if !codes.contains(code) { codes.append(code) }
        case .text: note(text: value)
        case .container: note(text: value)
        case .hint:
            guard hints.count < Self.hintCount, value.count <= Self.nameBytes else { return }
            hints.append((key, value.map(Self.lowercased)))
        case .none: break
        }
    }

    private mutating func note(text value: UnsafeRawBufferPointer) {
        let room = Self.textBytes - text.count
        guard room > 0, !value.isEmpty else { return }
        text.reserveCapacity(text.count + min(value.count, room) + 1)
        for byte in value.prefix(room) { text.append(byte < 0x20 ? 0x20 : Self.lowercased(byte)) }
        text.append(10)
    }

    /// The bare name: AWS writes a namespace and `#` before it, `:` and an address behind it.
    static func code(_ name: String) -> String {
        let bare = name.split(separator: "#").last ?? ""
        return String(bare.split(separator: ":").first ?? bare)
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    static func lowercased(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: bytes.lazy.map { lowercased($0) }, as: UTF8.self)
    }
}
