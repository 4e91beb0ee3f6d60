/// One field that a management request may have.
package struct FormField: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// At most 4096 characters; at least one where it is required.
        case string
        /// A text that may be long: prompts, descriptions, certificates. At most 2²⁰ characters.
        case longString
        case strings
        /// 0 and above.
        case count
        /// Dollars, 0 to 10⁹; kept exact to 18 decimals.
        case money
        /// A number from -10¹² to 10¹².
        case number
        case bool
        case object
        /// Names with counts (`model_rpm_limit`).
        case counts
        /// `30s`, `15m`, `12h`, `30d`, `2w`, `1mo`.
        case duration
        /// A moment in ISO 8601, read into whole microseconds since 1970.
        case moment
        case choice([String])
        case list
        /// Anything at all: the office looks at it.
        case any
    }

    package let name: String
    package let kind: Kind
    package let isRequired: Bool
    package let summary: String

    package init(_ name: String, _ kind: Kind, required: Bool = false, _ summary: String = "") {
        self.name = name
        self.kind = kind
        isRequired = required
        self.summary = summary
    }
}

/// The fields of one management request: what the checks, the description (`/openapi.json`) and the office go by.
package struct Form: Sendable {
    package let fields: [FormField]
    /// Members that are not named are kept (parameters of a model) instead of being taken out with a warning.
    package let isOpen: Bool

    package init(_ fields: [FormField], isOpen: Bool = false) {
        self.fields = fields
        self.isOpen = isOpen
    }

    package static let empty = Form([])

    package func adding(_ more: [FormField]) -> Form { Form(fields + more, isOpen: isOpen) }

    /// The same with all fields optional but those named.
    package func requiring(_ names: String...) -> Form {
        Form(
            fields.map { FormField($0.name, $0.kind, required: names.contains($0.name), $0.summary) }, isOpen: isOpen)
    }
}
