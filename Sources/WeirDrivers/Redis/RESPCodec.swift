package import NIOCore

/// Reads the Redis serialization protocol, versions 2 and 3, and writes commands in it. Source of the format: the page
/// "Redis serialization protocol specification" of redis.io.
///
/// A value: what is half read stays inside until the rest comes. Memory is bounded by `Limits`, whatever the peer
/// sends.
package struct RESPCodec: Sendable {
    /// What a reply may cost at most. A server that passes one of them is not Redis, or is broken.
    package struct Limits: Sendable {
        /// Bytes of a line: a simple string, an error, a number. 1 to 2³⁰.
        package var line = 65_536
        /// Bytes of one string. 1 to 2³⁰.
        package var string = 8 << 20
        /// Elements of one array, set or map, keys and values counted singly.
        package var elements = 65_536
        /// Values in a whole reply, at all depths.
        package var values = 1 << 20
        /// Arrays within arrays.
        package var depth = 16

        package init() {}
    }

    private enum Shape { case array, map, push, attribute }

    /// An array of which some elements are still to come.
    private struct Open {
        let shape: Shape
        let count: Int
        var values: [RESPValue] = []
    }

    /// What was taken out of the bytes: a value, or the beginning of an array.
    private enum Step {
        case value(RESPValue)
        case opened
    }

    private static let types = Array("+-:$*_#,(!=%~>|".utf8)

    private let limits: Limits
    private var open: [Open] = []
    private var values = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    // MARK: Reading

    /// Takes the next whole reply out of `bytes`; nil when there is none yet. After an error nothing more can be read.
    package mutating func next(_ bytes: inout ByteBuffer) throws(RESPFault) -> RESPValue? {
        while let step = try step(&bytes) {
            values += 1
            guard values <= limits.values else { throw RESPFault("more than \(limits.values) values in a reply") }
            guard case .value(let value) = step else { continue }
            if let whole = close(over: value) {
                values = 0
                return whole
            }
        }
        return nil
    }

    /// Puts a value into the array it belongs to, and ends all arrays that are full with it.
    private mutating func close(over value: RESPValue) -> RESPValue? {
        var value = value
        while let last = open.indices.last {
            open[last].values.append(value)
            guard open[last].values.count == open[last].count else { return nil }
            let full = open.removeLast()
            switch full.shape {
            case .array: value = .array(full.values)
            case .map: value = .map(full.values)
            case .push: value = .push(full.values)
            // Attributes are remarks on the value that follows; nobody here asks for them.
            case .attribute: return nil
            }
        }
        return value
    }

    private mutating func step(_ bytes: inout ByteBuffer) throws(RESPFault) -> Step? {
        guard let type = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return nil }
        // Looked at first: what is not RESP at all need not have lines.
        guard Self.types.contains(type) else { throw RESPFault("a value of the unknown type \(type)") }
        guard let line = try line(of: bytes) else { return nil }
        let afterLine = line.count + 3
        switch type {
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
            return try string(type, line, &bytes, from: afterLine)
        case UInt8(ascii: "*"), UInt8(ascii: "~"): return try array(.array, line, &bytes, from: afterLine)
        case UInt8(ascii: "%"): return try array(.map, line, &bytes, from: afterLine)
        case UInt8(ascii: ">"): return try array(.push, line, &bytes, from: afterLine)
        case UInt8(ascii: "|"): return try array(.attribute, line, &bytes, from: afterLine)
        default: break
        }
        let value: RESPValue
        switch type {
        case UInt8(ascii: "+"):
            value = .bytes(bytes.getSlice(at: bytes.readerIndex + 1, length: line.count) ?? ByteBuffer())
        case UInt8(ascii: "-"): value = .error(String(decoding: line, as: UTF8.self))
        case UInt8(ascii: ":"): value = .integer(try Self.integer(line))
        case UInt8(ascii: "_"):
            guard line.isEmpty else { throw RESPFault("a null with something in it") }
            value = .null
        case UInt8(ascii: "#"):
            guard line.elementsEqual("t".utf8) || line.elementsEqual("f".utf8) else {
                throw RESPFault("a truth value that is neither t nor f")
            }
            value = .boolean(line.first == UInt8(ascii: "t"))
        case UInt8(ascii: ","):
            guard let number = Double(String(decoding: line, as: UTF8.self)) else {
                throw RESPFault("a number that is none")
            }
            value = .double(number)
        default:
            let digits = line.first == UInt8(ascii: "-") || line.first == UInt8(ascii: "+") ? line.dropFirst() : line
            guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                throw RESPFault("a big number that is none")
            }
            value = .bigNumber(String(decoding: line, as: UTF8.self))
        }
        bytes.moveReaderIndex(forwardBy: afterLine)
        return .value(value)
    }

    /// The line after the type's byte, without its end.
    private func line(of bytes: ByteBuffer) throws(RESPFault) -> ByteBufferView? {
        let (end, length, isSound) = bytes.withUnsafeReadableBytes { all in
            let rest = all.dropFirst().prefix(limits.line + 1)
            guard let end = rest.firstIndex(of: 0x0D) else { return (nil as Int?, rest.count, true) }
            guard end + 1 < all.count else { return (nil, end - 1, true) }
            return (end, end - 1, all[end + 1] == 0x0A)
        }
        guard length <= limits.line else { throw RESPFault("a line of more than \(limits.line) bytes") }
        guard isSound else { throw RESPFault("a line that does not end with CR LF") }
        return end.flatMap { bytes.viewBytes(at: bytes.readerIndex + 1, length: $0 - 1) }
    }

    private mutating func string(
        _ type: UInt8, _ line: ByteBufferView, _ bytes: inout ByteBuffer, from start: Int
    ) throws(RESPFault) -> Step? {
        let length = try Self.integer(line)
        if length == -1, type == UInt8(ascii: "$") {
            bytes.moveReaderIndex(forwardBy: start)
            return .value(.null)
        }
        guard length >= 0 else { throw RESPFault("a string of a negative length") }
        guard length <= limits.string else { throw RESPFault("a string of more than \(limits.string) bytes") }
        let count = Int(length)
        guard bytes.readableBytes >= start + count + 2 else { return nil }
        bytes.moveReaderIndex(forwardBy: start)
        guard var content = bytes.readSlice(length: count), bytes.readInteger(as: UInt16.self) == 0x0D0A else {
            throw RESPFault("a string that does not end with CR LF")
        }
        switch type {
        case UInt8(ascii: "!"): return .value(.error(String(buffer: content)))
        case UInt8(ascii: "="):
            // Verbatim strings begin with three letters for their format and a colon.
            guard content.readableBytes >= 4 else { throw RESPFault("a verbatim string without a format") }
            content.moveReaderIndex(forwardBy: 4)
            return .value(.bytes(content))
        default: return .value(.bytes(content))
        }
    }

    private mutating func array(
        _ shape: Shape, _ line: ByteBufferView, _ bytes: inout ByteBuffer, from start: Int
    ) throws(RESPFault) -> Step? {
        let length = try Self.integer(line)
        if length == -1, shape == .array {
            bytes.moveReaderIndex(forwardBy: start)
            return .value(.null)
        }
        guard length >= 0 else { throw RESPFault("an array of a negative length") }
        guard length <= limits.elements else { throw RESPFault("an array of more than \(limits.elements) elements") }
        let count = shape == .map || shape == .attribute ? Int(length) * 2 : Int(length)
        guard count <= limits.elements else { throw RESPFault("a map of more than \(limits.elements) elements") }
        bytes.moveReaderIndex(forwardBy: start)
        if count == 0 {
            switch shape {
            case .array: return .value(.array([]))
            case .map: return .value(.map([]))
            case .push: return .value(.push([]))
            case .attribute: return .opened
            }
        }
        guard open.count < limits.depth else { throw RESPFault("arrays nested deeper than \(limits.depth)") }
        open.append(Open(shape: shape, count: count))
        return .opened
    }

    private static func integer(_ line: ByteBufferView) throws(RESPFault) -> Int64 {
        var rest = line
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { throw RESPFault("an integer without digits") }
        var value: Int64 = 0
        for digit in rest {
            guard digit >= 0x30, digit <= 0x39 else { throw RESPFault("an integer that is none") }
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            let (next, past) = tens.subtractingReportingOverflow(Int64(digit - 0x30))
            guard !over, !past else { throw RESPFault("an integer of more than 64 bits") }
            value = next
        }
        // Built up below zero, because the lowest number has no positive twin.
        guard !isNegative else { return value }
        guard value != .min else { throw RESPFault("an integer of more than 64 bits") }
        return -value
    }

    // MARK: Writing

    /// Begins a command of `count` strings, the command's name included.
    package static func begin(_ count: Int, into bytes: inout ByteBuffer) {
        header(UInt8(ascii: "*"), count, &bytes)
    }

    package static func write(_ text: String, into bytes: inout ByteBuffer) {
        header(UInt8(ascii: "$"), text.utf8.count, &bytes)
        bytes.writeString(text)
        bytes.writeInteger(0x0D0A as UInt16)
    }

    package static func write(_ content: [UInt8], into bytes: inout ByteBuffer) {
        header(UInt8(ascii: "$"), content.count, &bytes)
        bytes.writeBytes(content)
        bytes.writeInteger(0x0D0A as UInt16)
    }

    /// A number goes as the string of its decimal digits.
    package static func write(_ number: Int64, into bytes: inout ByteBuffer) {
        let digits = number.magnitude
        var length = number < 0 ? 2 : 1
        var rest = digits
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        header(UInt8(ascii: "$"), length, &bytes)
        if number < 0 { bytes.writeInteger(UInt8(ascii: "-")) }
        decimal(digits, &bytes)
        bytes.writeInteger(0x0D0A as UInt16)
    }

    /// A whole command.
    package static func write(command: [String], into bytes: inout ByteBuffer) {
        begin(command.count, into: &bytes)
        for part in command { write(part, into: &bytes) }
    }

    private static func header(_ type: UInt8, _ count: Int, _ bytes: inout ByteBuffer) {
        bytes.writeInteger(type)
        decimal(UInt64(count.magnitude), &bytes)
        bytes.writeInteger(0x0D0A as UInt16)
    }

    private static func decimal(_ number: UInt64, _ bytes: inout ByteBuffer) {
        guard number >= 10 else { return _ = bytes.writeInteger(UInt8(number) + 0x30) }
        var power: UInt64 = 10
        while number / power >= 10 { power *= 10 }
        while power > 0 {
            bytes.writeInteger(UInt8(number / power % 10) + 0x30)
            power /= 10
        }
    }
}
