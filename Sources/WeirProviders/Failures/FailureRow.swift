package import WeirCore

/// One fact of how upstreams tell what went wrong: where all of its conditions hold, the failure is of its class.
///
/// A condition that is not given holds always; of the values of one condition any will do.
package struct FailureRow: Sendable {
    /// The fact in a few words, unique in the table: for tests, and for whoever asks why.
    package let fact: String
    package let kind: FailureClass
    /// Prefixes of vendors.
    package let vendors: [String]
    package let statuses: [ClosedRange<Int>]
    /// What the upstream calls the error (its code, type, status or reason): the whole name in small letters.
    package let codes: [String]
    /// What the error's texts say, in small letters. `^` stands for the beginning of a text, `*` for anything.
    package let phrases: [String]
    /// A header field that must be there, in small letters.
    package let field: String?

    private let sought: [SoughtPhrase]

    init(
        _ kind: FailureClass, _ fact: String, vendors: [String] = [], _ statuses: [ClosedRange<Int>] = [],
        codes: [String] = [], phrases: [String] = [], field: String? = nil
    ) {
        self.kind = kind
        self.fact = fact
        self.vendors = vendors
        self.statuses = statuses
        self.codes = codes
        self.phrases = phrases
        self.field = field
        sought = phrases.map { SoughtPhrase($0) }
    }

    func matches(_ status: Int, _ vendor: String, _ words: ErrorWords, _ fields: ErrorFields) -> Bool {
        guard vendors.isEmpty || vendors.contains(vendor),
            statuses.isEmpty || statuses.contains(where: { $0.contains(status) })
        else { return false }
        if let field, !fields.has(field) { return false }
        guard
            codes.isEmpty || words.codes.contains(where: { codes.contains($0) })
                || fields.code.map({ codes.contains($0) }) == true
        else { return false }
        return sought.isEmpty || sought.contains { words.say($0) }
    }
}
