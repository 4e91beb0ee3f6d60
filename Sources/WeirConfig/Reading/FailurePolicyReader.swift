import WeirCore

/// LiteLLM's policies by the names of its exceptions (`RateLimitErrorRetries: 3`).
///
/// A prompt that is too long and one that the provider's policy refuses are bad requests too for LiteLLM, so
/// `BadRequestError…` also counts for these unless they are named. An account that has run dry is a rate limit for
/// retries, but not for forgiveness: `allowed_fails` alone forgives it; without that it rests at once.
enum FailurePolicyReader {
    private struct Name {
        let exception: String
        let classes: [FailureClass]
    }

    /// From the general to the special: a later name overrides an earlier one.
    private static let shared = [
        Name(exception: "BadRequestError", classes: [.badRequest, .contextWindow, .contentPolicy]),
        Name(exception: "ContextWindowExceededError", classes: [.contextWindow]),
        Name(exception: "ContentPolicyViolationError", classes: [.contentPolicy]),
        Name(exception: "AuthenticationError", classes: [.authentication]),
        Name(exception: "NotFoundError", classes: [.notFound]),
        Name(exception: "TimeoutError", classes: [.timeout]),
        Name(exception: "BadGatewayError", classes: [.serverError]),
        Name(exception: "InternalServerError", classes: [.serverError]),
        Name(exception: "ServiceUnavailableError", classes: [.overloaded]),
        Name(exception: "APIConnectionError", classes: [.connection]),
    ]

    /// Tries after the first. `DefaultRetries` is for every class that is not the client's fault and has no number.
    static func retries(_ key: String, _ reader: FieldReader) -> [FailureClass: Int] {
        guard let fields = reader.section(key, as: "retry_policy") else { return [:] }
        var policy: [FailureClass: Int] = [:]
        if let number = fields.whole("DefaultRetries", 0...100) {
            for kind in FailureClass.allCases where !kind.isClients { policy[kind] = number }
        }
        let names = shared + [Name(exception: "RateLimitError", classes: [.rateLimited, .quotaExhausted])]
        fill(&policy, names, "Retries", 0...100, fields)
        return policy
    }

    /// Failures that are forgiven within the cooldown time.
    static func fails(_ key: String, _ reader: FieldReader) -> [FailureClass: Int] {
        guard let fields = reader.section(key, as: "allowed_fails_policy") else { return [:] }
        var policy: [FailureClass: Int] = [:]
        let names = shared + [Name(exception: "RateLimitError", classes: [.rateLimited])]
        fill(&policy, names, "AllowedFails", 0...Int(Int32.max), fields)
        return policy
    }

    private static func fill(
        _ policy: inout [FailureClass: Int], _ names: [Name], _ suffix: String, _ range: ClosedRange<Int>,
        _ fields: FieldReader
    ) {
        for name in names {
            guard let number = fields.whole(name.exception + suffix, range) else { continue }
            for kind in name.classes { policy[kind] = number }
        }
        fields.finish()
    }
}
