package import NIOCore

/// Writes JSON text into a buffer, value by value. Commas are set by it; that brackets match and keys stand in objects is
/// the caller's part.
package struct JSONWriter {
    /// What has been written, behind what was in the buffer before.
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// Writes into a new buffer with room for `capacity` bytes, which grows as needed.
    package init(capacity: Int = 256) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

    /// Writes behind the bytes that `buffer` holds already.
    package init(appendingTo buffer: ByteBuffer) { self.buffer = buffer }

    /// What was written so far, as text.
    package var text: String { String(buffer: buffer) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A key that needs no escapes.
    package mutating func key(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        let comma = needsComma ? 1 : 0
        // In one go, because this is most of what log lines and error bodies consist of.
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count + 4) { room in
            room[0] = UInt8(ascii: ",")
            room[comma] = UInt8(ascii: "\"")
            for index in 0..<count { room[comma + 1 + index] = name.utf8Start[index] }
            room[comma + 1 + count] = UInt8(ascii: "\"")
            room[comma + 2 + count] = UInt8(ascii: ":")
            return comma + 3 + count
        }
        needsComma = false
    }

    package mutating func key(_ name: String) {
        separate()
        quote(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// A string of bytes that may be anything: what is not UTF-8 becomes U+FFFD.
    package mutating func string(bytes: UnsafeRawBufferPointer) {
        separate()
        if bytes.contains(where: { $0 >= 0x80 }) {
            quote(String(decoding: bytes, as: UTF8.self))
        } else {
            quote(bytes)
        }
        needsComma = true
    }

    package mutating func int(_ number: Int) {
        separate()
        // 20 bytes hold every 64-bit number with its sign.
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { room in
            var rest = number.magnitude
            var count = number < 0 ? 1 : 0
            var probe = rest
            repeat {
                count += 1
                probe /= 10
            } while probe > 0
            var at = count
            repeat {
                at -= 1
                room[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 { room[0] = UInt8(ascii: "-") }
            return count
        }
        needsComma = true
    }

    package mutating func bool(_ value: Bool) {
        separate()
        buffer.writeStaticString(value ? "true" : "false")
        needsComma = true
    }

    package mutating func null() {
        separate()
        buffer.writeStaticString("null")
        needsComma = true
    }

    /// A value that is JSON text already, such as a decimal number.
    package mutating func raw(_ text: String) {
        separate()
        buffer.writeString(text)
        needsComma = true
    }

    /// A value that is JSON text already.
    package mutating func raw(_ bytes: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(bytes)
        needsComma = true
    }

    /// A value that is JSON text already.
    package mutating func raw(bytes: UnsafeRawBufferPointer) {
        separate()
        buffer.writeBytes(bytes)
        needsComma = true
    }

    /// A key and a string; null when the string is nil.
    package mutating func member(_ name: StaticString, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    package mutating func member(_ name: StaticString, int number: Int) {
        key(name)
        int(number)
    }

    package mutating func member(_ name: StaticString, bool value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func member(_ name: StaticString, raw text: String) {
        key(name)
        raw(text)
    }

    /// Ends one text so that the next value starts afresh: a line of JSON lines.
    package mutating func newline() {
        buffer.writeInteger(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// A string as JSON text, quotes included.
    package static func text(of string: String) -> ByteBuffer {
        var writer = JSONWriter(capacity: string.utf8.count + 2)
        writer.string(string)
        return writer.buffer
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { quote(UnsafeRawBufferPointer($0)) }
    }

    private mutating func quote(_ text: UnsafeRawBufferPointer) {
        if let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self),
            nextSpecial(base, 0, text.count) == text.count
        {
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: text.count + 2) { room in
                room[0] = UInt8(ascii: "\"")
                UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyMemory(from: text)
                room[text.count + 1] = UInt8(ascii: "\"")
                return text.count + 2
            }
            return
        }
        quoteWithEscapes(text)
    }

    private mutating func quoteWithEscapes(_ text: UnsafeRawBufferPointer) {
        buffer.writeInteger(UInt8(ascii: "\""))
        if let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) {
            var from = 0
            while true {
                let stop = nextSpecial(base, from, text.count)
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: text[from..<stop]))
                guard stop < text.count else { break }
                escape(text[stop])
                from = stop + 1
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private func nextSpecial(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while true {
            at = ByteRun.plainText(base, at, end)
            while at < end, base[at] >= 0x80 { at += 1 }
            if at == end || base[at] < 0x20 || base[at] == 0x22 || base[at] == 0x5C { return at }
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: buffer.writeStaticString("\\\"")
        case 0x5C: buffer.writeStaticString("\\\\")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0x09: buffer.writeStaticString("\\t")
        case 0x08: buffer.writeStaticString("\\b")
        case 0x0C: buffer.writeStaticString("\\f")
        default:
            buffer.writeStaticString("\\u00")
            buffer.writeInteger(hexDigit(byte >> 4))
            buffer.writeInteger(hexDigit(byte & 15))
        }
    }

    private func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
