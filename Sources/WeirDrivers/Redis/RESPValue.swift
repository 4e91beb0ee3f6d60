package import NIOCore

/// One value of the Redis serialization protocol, versions 2 and 3.
package indirect enum RESPValue: Sendable, Equatable {
    case null
    case integer(Int64)
    /// A simple or verbatim string, or a bulk string: bytes without a promise of UTF-8.
    case bytes(ByteBuffer)
    /// What the server says against a command, its code first: `WRONGTYPE Operation against …`.
    case error(String)
    case boolean(Bool)
    case double(Double)
    /// An integer of any length, as its decimal digits.
    case bigNumber(String)
    /// An array or a set.
    case array([RESPValue])
    /// Keys and values in turn.
    case map([RESPValue])
    /// Told without having been asked for.
    case push([RESPValue])

    /// The text of a string; bytes that are not UTF-8 become replacement characters.
    package var text: String? {
        guard case .bytes(let bytes) = self else { return nil }
        return String(buffer: bytes)
    }

    /// An integer, also when it came as a string of digits.
    package var number: Int64? {
        switch self {
        case .integer(let value): value
        case .bytes(let bytes): Int64(String(buffer: bytes))
        default: nil
        }
    }

    /// The elements of an array, or of a map as a flat list: a server answers either, depending on the protocol's
    /// version.
    package var elements: [RESPValue]? {
        switch self {
        case .array(let values), .map(let values), .push(let values): values
        default: nil
        }
    }
}
