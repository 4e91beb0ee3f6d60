package import WeirCore

/// Looking into nested values whose text was scanned before. Nothing is checked again: on text that is not JSON these
/// find nothing or something, but never read outside `range`. All ranges are offsets in `bytes`.
extension JSONScanner {
    /// The value of the first member `name` of the object at `range`; nil when there is none or it is not an object.
    package static func member(
        of range: Range<Int>, named name: StaticString, in bytes: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        guard var text = JSONSkimmer(bytes, range), text.take(UInt8(ascii: "{")) else { return nil }
        while let key = text.nextKey() {
            let start = text.at
            guard text.value() else { return nil }
            if text.isKey(key, name) { return start..<text.at }
        }
        return nil
    }

    /// The members of the object at `range`, at most `limit` of them.
    package static func members(
        of range: Range<Int>, in bytes: UnsafeRawBufferPointer, limit: Int = 256
    ) -> [JSONMember] {
        guard var text = JSONSkimmer(bytes, range), text.take(UInt8(ascii: "{")) else { return [] }
        var members: [JSONMember] = []
        while members.count < limit, let key = text.nextKey() {
            let start = text.at
            guard text.value() else { break }
            members.append(JSONMember(key: key, value: start..<text.at))
        }
        return members
    }

    /// The elements of the array at `range`, at most `limit` of them; empty when it is not an array.
    package static func elements(
        of range: Range<Int>, in bytes: UnsafeRawBufferPointer, limit: Int = 256
    ) -> [Range<Int>] {
        guard var text = JSONSkimmer(bytes, range), text.take(UInt8(ascii: "[")) else { return [] }
        var elements: [Range<Int>] = []
        while elements.count < limit, text.nextElement() {
            let start = text.at
            guard text.value() else { break }
            elements.append(start..<text.at)
        }
        return elements
    }
}
