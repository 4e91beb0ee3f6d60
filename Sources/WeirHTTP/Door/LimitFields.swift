import WeirCore
import WeirWire

/// The fields that tell a client how much of its limits is left, as OpenAI names them.
enum LimitFields {
    static func write(_ requests: LimitFigures?, _ tokens: LimitFigures?, into head: inout HeadWriter) {
        if let requests { write(requests, "requests: ", into: &head) }
        if let tokens { write(tokens, "tokens: ", into: &head) }
    }

    private static func write(_ figures: LimitFigures, _ name: StaticString, into head: inout HeadWriter) {
        head.literal("x-ratelimit-limit-")
        head.literal(name)
        head.number(figures.limit)
        head.literal("\r\nx-ratelimit-remaining-")
        head.literal(name)
        head.number(max(figures.remaining, 0))
        head.literal("\r\nx-ratelimit-reset-")
        head.literal(name)
        head.number(Int(clamping: Timeout(nanoseconds: figures.resetAfter).wholeSeconds))
        head.literal("s\r\n")
    }
}
