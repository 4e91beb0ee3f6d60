/// Where and why a text is not the JSON that was asked for.
package struct JSONViolation: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        case empty, byteOrderMark, notAnObject, truncated
        case expectedKey, expectedColon, expectedValue, expectedCommaOrEnd
        case malformedNumber, malformedLiteral, malformedEscape, controlCharacter, invalidUTF8
        case trailingBytes
        case tooDeep(limit: Int)
        case tooManyMembers(limit: Int)
        /// The same key stands twice at the top level.
        case duplicateKey(String)
        /// A top-level key is written with escapes; the key as it was written.
        case escapedKey(String)
        case notAString
    }

    package let reason: Reason
    /// Bytes from the start of the text to the place where it goes wrong.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// What is wrong, as a clause without place and full stop.
    package var sentence: String {
        switch reason {
        case .empty: "the text is empty"
        case .byteOrderMark: "the text starts with a byte order mark, which JSON does not allow"
        case .notAnObject: "a JSON object was expected"
        case .truncated: "the text ends too early"
        case .expectedKey: "a key in double quotes was expected"
        case .expectedColon: "a colon was expected after the key"
        case .expectedValue: "a value was expected"
        case .expectedCommaOrEnd: "a comma or the closing bracket was expected"
        case .malformedNumber: "this is not a number as JSON writes it"
        case .malformedLiteral: "only true, false and null may be written without quotes"
        case .malformedEscape: "this backslash does not start an escape that JSON knows"
        case .controlCharacter: "control characters in a string must be escaped"
        case .invalidUTF8: "these bytes are not valid UTF-8"
        case .trailingBytes: "something follows the end of the object"
        case .tooDeep(let limit): "values are nested more than \(limit) levels deep"
        case .tooManyMembers(let limit): "the object has more than \(limit) members"
        case .duplicateKey(let key): "the key \"\(key)\" is given twice"
        case .escapedKey(let key): "the key \"\(key)\" is written with escapes; write it in plain characters"
        case .notAString: "a string was expected"
        }
    }

    /// Line and column of the offset, both counted from 1; columns are bytes. Reads `bytes` up to the offset.
    package func position(in bytes: UnsafeRawBufferPointer) -> (line: Int, column: Int) {
        var line = 1
        var lineStart = 0
        for index in 0..<min(max(offset, 0), bytes.count) where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        return (line, min(max(offset, 0), bytes.count) - lineStart + 1)
    }

    /// A whole sentence for the one who sent `bytes`.
    package func message(in bytes: UnsafeRawBufferPointer) -> String {
        let (line, column) = position(in: bytes)
        return "The body is not valid JSON: \(sentence) (line \(line), column \(column))."
    }
}
