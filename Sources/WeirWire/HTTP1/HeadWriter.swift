import NIOCore
package import WeirCore

/// Writes the many small pieces of a message head into one buffer of known size.
///
/// A `ByteBuffer` asks at each write whether it is unique and large enough; a head has some sixty writes, so that asking
/// cost more than writing. Here the room is made once, and what does not fit is noticed at the end.
package struct HeadWriter {
    private let start: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private var used = 0
    private var needed = 0

    private init(_ start: UnsafeMutablePointer<UInt8>, capacity: Int) {
        self.start = start
        self.capacity = capacity
    }

    /// A buffer with what `write` wrote. `write` is called again with more room when `capacity` was too small.
    package static func make(capacity: Int, _ write: (inout HeadWriter) -> Void) -> Bytes {
        var capacity = capacity
        while true {
            var buffer = ByteBufferAllocator().buffer(capacity: capacity)
            var needed = 0
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { room in
                guard let start = room.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
                var writer = HeadWriter(start, capacity: room.count)
                write(&writer)
                needed = writer.needed
                return needed > room.count ? 0 : writer.used
            }
            if needed <= buffer.capacity { return buffer }
            capacity = needed
        }
    }

    package mutating func bytes(_ source: UnsafeRawBufferPointer) {
        needed += source.count
        guard needed <= capacity, let base = source.baseAddress else { return }
        UnsafeMutableRawPointer(start + used).copyMemory(from: base, byteCount: source.count)
        used = needed
    }

    package mutating func literal(_ text: StaticString) {
        bytes(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
    }

    package mutating func buffer(_ buffer: Bytes) {
        buffer.withUnsafeReadableBytes { bytes($0) }
    }

    package mutating func byte(_ byte: UInt8) {
        needed += 1
        guard needed <= capacity else { return }
        start[used] = byte
        used = needed
    }

    /// A number that is not negative, in decimal digits.
    package mutating func number(_ number: Int) {
        var digits = 1
        var bound = 10
        while digits < 18, number >= bound {
            digits += 1
            bound *= 10
        }
        if digits == 18 { return text(String(number)) }
        guard let room = room(digits) else { return }
        var rest = UInt64(truncatingIfNeeded: number)
        for at in stride(from: digits - 1, through: 0, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            room[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
    }

    /// Dollars in plain decimals.
    package mutating func money(_ money: Money) {
        money.withText { bytes(UnsafeRawBufferPointer($0)) }
    }

    /// Where the next `count` bytes go; nil when they do not fit.
    private mutating func room(_ count: Int) -> UnsafeMutablePointer<UInt8>? {
        needed += count
        guard needed <= capacity else { return nil }
        defer { used = needed }
        return start + used
    }

    /// The line before a chunk of `size` bytes (RFC 9112, 7.1).
    package mutating func chunkLine(_ size: Int) {
        var shift = 0
        while size >> (shift + 4) > 0 { shift += 4 }
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: size >> shift) & 15
            byte(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
            shift -= 4
        }
        literal("\r\n")
    }

    /// Nanoseconds as milliseconds with three decimals.
    package mutating func milliseconds(_ nanoseconds: UInt64) {
        let microseconds = Int(clamping: nanoseconds / 1000)
        number(microseconds / 1000)
        byte(UInt8(ascii: "."))
        let rest = microseconds % 1000
        byte(UInt8(ascii: "0") + UInt8(rest / 100))
        byte(UInt8(ascii: "0") + UInt8(rest / 10 % 10))
        byte(UInt8(ascii: "0") + UInt8(rest % 10))
    }
}
