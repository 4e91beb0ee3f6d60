/// Why the access log cannot be written at all.
package struct AccessLogFault: Error, CustomStringConvertible {
    package let message: String
    /// As in errno(3).
    package let errorNumber: Int32

    init(_ message: String, errorNumber: Int32) {
        self.message = message
        self.errorNumber = errorNumber
    }

    package var description: String { "\(message) (errno \(errorNumber))" }
}
