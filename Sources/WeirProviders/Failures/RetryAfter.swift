package import WeirCore

/// How long an upstream asks to be left alone.
///
/// Read from, the first that tells something wins: `retry-after-ms`, `Retry-After`, members of the body (Google's
/// `retryDelay`, `retry_after…`, Hugging Face's `estimated_time`), the rate limit windows that are used up, and at last
/// the words of the message ("try again in 7m12s"). A wait of nothing, in the past or of more than a year tells nothing.
package enum RetryAfter {
    /// Longer waits are cut to a day.
    package static let longest: UInt64 = 86_400_000_000_000
    /// A wait that only the message's words tell is believed up to an hour: a message may repeat what a caller sent.
    package static let longestInWords: UInt64 = 3_600_000_000_000

    /// Nanoseconds from now on; nil when the upstream did not tell, or when waiting changes nothing about a failure of
    /// this class.
    ///
    /// - Parameters:
    ///   - fields: raw header lines, each with its line end.
    ///   - wall: nanoseconds since 1970.
    package static func wait(fields: Bytes, body: Bytes, kind: FailureClass, wall: UInt64) -> UInt64? {
        wait(ErrorFields(fields), ErrorWords(body), kind, wall)
    }

    static func wait(_ fields: ErrorFields, _ words: ErrorWords, _ kind: FailureClass, _ wall: UInt64) -> UInt64? {
        switch kind {
        case .badRequest, .contextWindow, .contentPolicy, .authentication, .notFound, .connection: return nil
        case .timeout, .rateLimited, .quotaExhausted, .overloaded, .serverError: break
        }
        let told =
            fields.value("retry-after-ms").flatMap(WaitText.milliseconds)
            ?? fields.value("retry-after").flatMap { WaitText.wait($0, wall: wall) }
        if let told { return min(told, longest) }
        // Google tells half a minute even when a day's quota is used up.
        if kind != .quotaExhausted, let hint = hint(words, wall) { return min(hint, longest) }
        if kind == .rateLimited || kind == .quotaExhausted,
            let reset = RateWindows(fields, words, wall).wait(isCertain: kind == .quotaExhausted)
        {
            return min(reset, longest)
        }
        guard kind == .rateLimited || kind == .overloaded else { return nil }
        return inWords(words)
    }

    private static func hint(_ words: ErrorWords, _ wall: UInt64) -> UInt64? {
        for (name, value) in words.hints {
            switch name {
            case "retry_after_ms": if let wait = WaitText.milliseconds(value) { return wait }
            case "x-ratelimit-reset", "x-ratelimit-remaining": continue
            default: if let wait = WaitText.wait(value, wall: wall) { return wait }
            }
        }
        return nil
    }

    private static let phrases = ["try again in ", "retry after ", "retry in ", "please wait "].map { Array($0.utf8) }

    private static func inWords(_ words: ErrorWords) -> UInt64? {
        for phrase in phrases {
            guard let end = words.end(of: phrase), let wait = WaitText.leadingDuration(words.text, from: end) else {
                continue
            }
            return wait <= longestInWords ? wait : nil
        }
        return nil
    }
}
