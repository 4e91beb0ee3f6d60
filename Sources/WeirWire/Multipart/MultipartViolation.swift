/// Where and why a body is not the `multipart/form-data` that its content type promises.
package struct MultipartViolation: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        case notFormData, boundaryMissing, boundaryMalformed
        case delimiterMissing, delimiterMalformed, truncated, trailingBytes
        case headerMalformed, headerTooLarge(limit: Int)
        case dispositionMissing, dispositionMalformed, nameMissing
        case tooManyParts(limit: Int)
    }

    package let reason: Reason
    /// Bytes from the start of the body; 0 where the content type is at fault.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// A whole sentence for the one who sent the body.
    package var message: String {
        switch reason {
        case .notFormData: "The content type of this request must be multipart/form-data."
        case .boundaryMissing: "The content type names no boundary."
        case .boundaryMalformed: "The boundary in the content type is malformed; it may have 1 to 70 characters."
        case .delimiterMissing: "The body does not start with the boundary that the content type names."
        case .delimiterMalformed: "A boundary in the body is not followed by a line end (at byte \(offset))."
        case .truncated: "The body ends before its closing boundary."
        case .trailingBytes: "Something follows the closing boundary (at byte \(offset))."
        case .headerMalformed: "A part of the body has a malformed header (at byte \(offset))."
        case .headerTooLarge(let limit): "A part's header has more than \(limit) bytes (at byte \(offset))."
        case .dispositionMissing: "A part has no Content-Disposition of form-data (at byte \(offset))."
        case .dispositionMalformed: "A part's Content-Disposition is malformed (at byte \(offset))."
        case .nameMissing: "A part's Content-Disposition gives no name (at byte \(offset))."
        case .tooManyParts(let limit): "The body has more than \(limit) parts."
        }
    }
}
