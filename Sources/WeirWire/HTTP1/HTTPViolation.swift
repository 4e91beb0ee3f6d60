/// Why a message cannot be read. Nothing after it on the same connection can be trusted: answer, then close.
package enum HTTPViolation: Error, Sendable, Hashable {
    case malformed(HTTPFlaw)
    /// The head is longer than `HTTPLimits.headBytes`.
    case headTooLarge
    /// The request line is longer than `HTTPLimits.requestLineBytes`.
    case requestLineTooLong
    /// More header lines than `HTTPLimits.fieldCount`.
    case tooManyFields
    /// `Transfer-Encoding` is anything but a single `chunked`.
    case unsupportedTransferCoding
    /// A well-formed version other than HTTP/1.0 and HTTP/1.1.
    case unsupportedVersion
    /// `Expect` asks for something other than `100-continue`.
    case unsupportedExpectation

    /// The status that a server answers with.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .headTooLarge, .tooManyFields: 431
        case .requestLineTooLong: 414
        case .unsupportedTransferCoding: 501
        case .unsupportedVersion: 505
        case .unsupportedExpectation: 417
        }
    }

    /// A sentence for the one who sent the message.
    package var reason: String {
        switch self {
        case .malformed(let flaw): flaw.sentence
        case .headTooLarge: "The request line and headers together are too large."
        case .requestLineTooLong: "The request line is too long."
        case .tooManyFields: "The request has too many header lines."
        case .unsupportedTransferCoding: "The only supported Transfer-Encoding is chunked, once."
        case .unsupportedVersion: "The only supported versions are HTTP/1.1 and HTTP/1.0."
        case .unsupportedExpectation: "The only supported Expect is 100-continue."
        }
    }
}
