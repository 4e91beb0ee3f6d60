import WeirCore
import WeirWire

/// The fields that tell a client what its key has been given, as LiteLLM names them.
enum GrantFields {
    static func write(_ grant: Grant, into head: inout HeadWriter) {
        let limits = grant.keyLimits
        if let limit = limits?.tokensPerMinute {
            head.literal("x-litellm-key-tpm-limit: ")
            head.number(limit)
            head.literal("\r\n")
        }
        if let limit = limits?.requestsPerMinute {
            head.literal("x-litellm-key-rpm-limit: ")
            head.number(limit)
            head.literal("\r\n")
        }
        if let budget = grant.maxBudget {
            head.literal("x-litellm-key-max-budget: ")
            head.money(budget)
            head.literal("\r\n")
        }
    }
}
