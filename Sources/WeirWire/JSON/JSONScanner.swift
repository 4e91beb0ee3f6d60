package import WeirCore

/// The top level of a JSON object that was read to its end and found correct.
package struct JSONObjectScan: Sendable, Equatable {
    /// The members in the order in which they stand; no key twice, no key with escapes.
    package let members: [JSONMember]

    /// The value of a member, quotes and brackets included; nil when there is none. `bytes` are those that were scanned.
    package func value(of name: StaticString, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        return members.first { $0.key.upperBound <= bytes.count && ByteRun.equals(base, $0.key, name) }?.value
    }
}

/// Reads a JSON text (RFC 8259) in one pass, checking all of it and building nothing but the list of top-level members.
///
/// Rules where the standard leaves a choice: a byte order mark is refused; at the top level a key may not stand twice and
/// may not be written with escapes (the gateway and the upstream could read different ones), below that both pass; numbers
/// of any length and range pass as text; escapes of lone surrogates (`\ud800`) pass, what to make of them is the reader's
/// choice; only valid UTF-8 passes.
package enum JSONScanner {
    /// An object with more top-level members than this is refused.
    package static let maximumMembers = 10_000

    /// Scans a text that must be one object with nothing but white space around it.
    ///
    /// - Parameters:
    ///   - maximumDepth: how many brackets may be open at once, the object's own included; at least 1.
    ///   - takesEscapedKeys: top-level keys may be written with escapes, for who undoes them; whether one of those stands
    ///     twice is his to find out.
    package static func scan(
        _ bytes: UnsafeRawBufferPointer, maximumDepth: Int = 512, takesEscapedKeys: Bool = false
    ) throws(JSONViolation) -> JSONObjectScan {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > 0 else {
            throw JSONViolation(.empty, at: 0)
        }
        var cursor = JSONCursor(
            base: base, end: bytes.count, maximumDepth: maximumDepth - 1, takesEscapedKeys: takesEscapedKeys)
        return JSONObjectScan(members: try cursor.object())
    }
}
