import NIOCore
package import WeirCore

/// Edits of a JSON object's text that leave everything else as it was written: values replaced, top-level members added at
/// the end or taken away with their comma.
///
/// Made for a body that `JSONScanner.scan` accepted; ranges are offsets from its reader index. Removing a member and
/// replacing something inside it is a conflict.
package struct JSONPatch: Sendable {
    private let members: [JSONMember]
    private var edits = BytePatch()
    private var removed: Set<Int> = []
    private var added: [(key: Bytes, value: Bytes)] = []

    /// - Parameter members: all top-level members of the body, in order.
    package init(members: [JSONMember]) { self.members = members }

    package var isEmpty: Bool { edits.isEmpty && removed.isEmpty && added.isEmpty }

    /// Puts `text` in the place of the bytes at `range`, usually a member's value.
    package mutating func replace(_ range: Range<Int>, with text: Bytes) { edits.replace(range, with: text) }

    /// Adds a member behind all others. Both are JSON text; the key includes its quotes.
    package mutating func insert(key: Bytes, value: Bytes) { added.append((key, value)) }

    /// Adds a member behind all others. The key needs no escapes, the value is JSON text.
    package mutating func insert(_ name: StaticString, value: String) {
        var key = Bytes()
        key.writeStaticString("\"")
        key.writeStaticString(name)
        key.writeStaticString("\"")
        added.append((key, Bytes(string: value)))
    }

    /// Takes a member away. One that is not of this object is ignored, a second removal changes nothing.
    package mutating func remove(_ member: JSONMember) {
        if let index = members.firstIndex(of: member) { removed.insert(index) }
    }

    /// The patched body; see `BytePatch.pieces`.
    package func pieces(
        of body: Bytes, joinBelow: Int = 4096, wholeBelow: Int = 16384
    ) throws(PatchConflict) -> [Bytes] {
        var patch = edits
        removeMembers(&patch)
        try addMembers(&patch, body)
        return try patch.pieces(of: body, joinBelow: joinBelow, wholeBelow: wholeBelow)
    }

    /// A member goes with everything up to the next one; those at the end go with everything since the last that stays.
    private func removeMembers(_ patch: inout BytePatch) {
        guard !removed.isEmpty else { return }
        let lastKept = members.indices.last { !removed.contains($0) } ?? -1
        for index in removed where index < lastKept {
            patch.remove(members[index].key.lowerBound - 1..<members[index + 1].key.lowerBound - 1)
        }
        guard lastKept < members.count - 1 else { return }
        let start = lastKept >= 0 ? members[lastKept].value.upperBound : members[0].key.lowerBound - 1
        patch.remove(start..<members[members.count - 1].value.upperBound)
    }

    private func addMembers(_ patch: inout BytePatch, _ body: Bytes) throws(PatchConflict) {
        guard !added.isEmpty else { return }
        var text = Bytes()
        var needsComma = removed.count < members.count
        for (key, value) in added {
            if needsComma { text.writeStaticString(",") }
            text.writeImmutableBuffer(key)
            text.writeStaticString(":")
            text.writeImmutableBuffer(value)
            needsComma = true
        }
        if let last = members.last {
            patch.insert(text, at: last.value.upperBound)
            return
        }
        let bracket = body.withUnsafeReadableBytes { bytes in bytes.firstIndex { $0 > 0x20 } }
        guard let bracket, body.getInteger(at: body.readerIndex + bracket) == UInt8(ascii: "{") else {
            throw .notAnObject
        }
        patch.insert(text, at: bracket + 1)
    }
}
