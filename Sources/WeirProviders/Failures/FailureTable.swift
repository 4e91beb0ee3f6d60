package import WeirCore

/// What kind of failure an attempt was. The table of facts is searched from the top: the first row that holds decides.
///
/// Two rules keep the table safe. What nobody knows is taken for the caller's fault when its status is 4xx, and for the
/// server's otherwise. And a failure that makes a deployment rest at once is never read out of the middle of a text that
/// came with a status of the caller's (400, 404, 413, 422): such texts repeat what the caller sent, who could otherwise
/// send deployments to rest with a well chosen word.
package enum FailureTable {
    /// In the order in which they are tried; the last one holds always.
    package static let rows: [FailureRow] = vendorRows + wordRows + statusRows

    /// The class of a fault that an attempt threw, and how long the upstream asks to be left alone.
    ///
    /// Faults that are not the upstream's are nothing that another attempt could mend: they are `badRequest`, which
    /// neither retries nor harms a deployment's health. A client that left is one of them; look for `clientLeft` first
    /// where that makes a difference.
    ///
    /// - Parameters:
    ///   - vendor: the vendor's prefix, as in `Deployment.vendor`.
    ///   - wall: nanoseconds since 1970, for dates.
    ///   - clientNamesModel: the caller chose the upstream's model (a wildcard deployment): a model that does not exist is
    ///     then the caller's fault.
    package static func failure(
        of fault: GatewayFault, vendor: String, wall: UInt64, clientNamesModel: Bool = false
    ) -> Failure {
        guard let answer = fault.upstream else { return failure(without: fault) }
        let words = ErrorWords(answer.body)
        let fields = ErrorFields(answer.fields)
        let kind = rows[row(answer.status, vendor, words, fields)].kind
        if kind == .notFound, clientNamesModel { return Failure(.badRequest) }
        return Failure(kind, retryAfter: RetryAfter.wait(fields, words, kind, wall) ?? told(fault, kind))
    }

    /// The index of the row that decides about an upstream's answer.
    package static func row(for answer: UpstreamAnswer, vendor: String) -> Int {
        row(answer.status, vendor, ErrorWords(answer.body), ErrorFields(answer.fields))
    }

    private static func row(_ status: Int, _ vendor: String, _ words: ErrorWords, _ fields: ErrorFields) -> Int {
        rows.firstIndex { $0.matches(status, vendor, words, fields) } ?? rows.count - 1
    }

    /// There was no answer.
    private static func failure(without fault: GatewayFault) -> Failure {
        let kind: FailureClass =
            switch fault.code {
            case .upstreamRefused, .upstreamReset, .upstreamGarbled: .connection
            case .upstreamTimeout: .timeout
            case .contextTooLarge: .contextWindow
            default: fault.source == .upstream ? .serverError : .badRequest
            }
        return Failure(kind, retryAfter: told(fault, kind))
    }

    private static func told(_ fault: GatewayFault, _ kind: FailureClass) -> UInt64? {
        guard kind.mayRetryHere, let wait = fault.retryAfter, wait > 0 else { return nil }
        return min(wait, RetryAfter.longest)
    }
}
