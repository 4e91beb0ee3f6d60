/// Why a management request is refused: with a status, and a sentence that says what to do.
package struct OfficeFault: Error, Sendable, Hashable {
    /// One field of a form that cannot be taken.
    package struct Problem: Sendable, Hashable {
        package let field: String
        /// As FastAPI calls it: `missing`, `int_parsing`, `string_type`, `value_error` …
        package let kind: String
        package let message: String

        package init(_ field: String, _ kind: String, _ message: String) {
            self.field = field
            self.kind = kind
            self.message = message
        }
    }

    package let status: Int
    package let message: String
    /// `error.type`; nil for the one that goes with the status.
    package let type: String?
    package let param: String?
    /// Filled for 422 only.
    package let problems: [Problem]
    /// For the log; never shown.
    package let detail: String

    package init(
        _ status: Int, _ message: String, type: String? = nil, param: String? = nil, problems: [Problem] = [],
        detail: String = ""
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.param = param
        self.problems = problems
        self.detail = detail
    }

    /// The form cannot be taken: 422, as FastAPI answers, with every problem named.
    package static func form(_ problems: [Problem]) -> OfficeFault {
        let text = problems.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
        return OfficeFault(
            422, "The request cannot be taken: \(text).", type: "invalid_request_error", param: problems.first?.field,
            problems: problems)
    }
    package static func bad(_ message: String, _ param: String? = nil) -> OfficeFault {
        OfficeFault(400, message, param: param)
    }
    package static func notFound(_ message: String) -> OfficeFault { OfficeFault(404, message) }
    package static func forbidden(_ message: String) -> OfficeFault { OfficeFault(403, message) }
    package static func conflict(_ message: String, _ param: String? = nil) -> OfficeFault {
        OfficeFault(409, message, param: param)
    }

    package init(_ fault: StoreFault) {
        switch fault {
        case .unavailable(let detail):
            self.init(
                503, "The database cannot be reached at the moment; nothing was changed. Try again shortly.",
                type: "no_db_connection", detail: detail)
        case .duplicate(let kind, let field):
            let what = field.map { "this \($0.rawValue)" } ?? "this id"
            self.init(409, "There is one with \(what) among \(kind.rawValue) already.", param: field?.rawValue)
        case .unfit(let kind, let field):
            let what = field?.rawValue ?? "The id"
            self.init(
                400, "\(what) of \(kind.rawValue) may have at most \(LookupField.longest) bytes, and no U+0000.",
                param: field?.rawValue)
        case .missing(let kind, let id): self.init(404, "\(id) is not among \(kind.rawValue).")
        case .stale(_, let id): self.init(409, "\(id) was changed by somebody else meanwhile. Read it and try again.")
        case .broken(let detail):
            self.init(500, "The database refused the change; nothing was changed.", detail: detail)
        }
    }
}
