/// The parts of a `multipart/form-data` body. Ranges are offsets from the start of the body.
package struct MultipartForm: Sendable, Equatable {
    package struct Part: Sendable, Equatable {
        /// The field's name with its escapes undone; what is not UTF-8 became U+FFFD.
        package let name: String
        /// The part says that it is a file.
        package let isFile: Bool
        /// The header lines with their line ends, without the blank line.
        package let header: Range<Int>
        /// The content, without the line end that belongs to the delimiter behind it.
        package let value: Range<Int>
    }

    package let parts: [Part]

    /// The content of the only part with this name; nil when there is none or more than one (see `isRepeated`).
    package func value(named name: String) -> Range<Int>? {
        let found = parts.filter { $0.name == name }
        return found.count == 1 ? found.first?.value : nil
    }

    /// More than one part has this name. For a field that decides something, such as `model`, refuse the request: the
    /// upstream could read the other one.
    package func isRepeated(_ name: String) -> Bool { parts.count { $0.name == name } > 1 }
}
