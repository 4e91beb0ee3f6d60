package import WeirCore

/// Finds what a reply says about its cost and its model, without decoding the rest. Lenient: on text that is not JSON
/// nothing or something is found, nothing fails.
package enum UsageReader {
    /// The usage of a whole JSON reply: `usage` at the top level (OpenAI's chat, completions, embeddings, images,
    /// transcriptions and Responses), `x_groq.usage`, `response.usage`, or Cohere's `meta.tokens` and `meta.billed_units`.
    package static func usage(inReply bytes: UnsafeRawBufferPointer) -> Usage? {
        if let range = lateMember("usage", bytes), let usage = usage(of: range, in: bytes) { return usage }
        guard var text = JSONSkimmer(bytes, 0..<bytes.count), text.take(UInt8(ascii: "{")) else { return nil }
        var usage: Usage?
        while let key = text.nextKey() {
            let start = text.at
            guard text.value() else { break }
            let value = start..<text.at
            if text.isKey(key, "usage") {
                if let found = self.usage(of: value, in: bytes) { return found }
            } else if text.isKey(key, "x_groq") || text.isKey(key, "response") {
                usage = nested(value, "usage", bytes) ?? usage
            } else if text.isKey(key, "meta") {
                usage = nested(value, "tokens", bytes) ?? nested(value, "billed_units", bytes) ?? usage
            }
        }
        return usage
    }

    /// Where the value of the reply's top-level `model` stands, quotes included; nil when it is not a string.
    package static func modelRange(inReply bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        // Chat replies name it before the long part, embeddings behind it.
        let early = min(bytes.count, 1024)
        let range = member("model", bytes, upTo: early) ?? lateMember("model", bytes)
        let found = range ?? (early < bytes.count ? member("model", bytes, upTo: bytes.count) : nil)
        guard let found, bytes[found.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return found
    }

    /// Reads a usage object in any of the spellings that are in use; nil when it names no number of tokens.
    package static func usage(of range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Usage? {
        guard var text = JSONSkimmer(bytes, range), text.take(UInt8(ascii: "{")) else { return nil }
        var prompt: Int?
        var completion: Int?
        var total: Int?
        var usage = Usage()
        while let key = text.nextKey() {
            let start = text.at
            guard text.value() else { break }
            let value = start..<text.at
            switch key.count {
            case 12 where text.isKey(key, "total_tokens"): total = tokens(bytes, value)
            case 12 where text.isKey(key, "input_tokens"): prompt = prompt ?? tokens(bytes, value)
            case 13 where text.isKey(key, "prompt_tokens"): prompt = tokens(bytes, value) ?? prompt
            case 13 where text.isKey(key, "output_tokens"): completion = completion ?? tokens(bytes, value)
            case 13 where text.isKey(key, "cached_tokens"): take(&usage.cachedTokens, tokens(bytes, value))
            case 16 where text.isKey(key, "reasoning_tokens"): take(&usage.reasoningTokens, tokens(bytes, value))
            case 17 where text.isKey(key, "completion_tokens"): completion = tokens(bytes, value) ?? completion
            case 23 where text.isKey(key, "prompt_cache_hit_tokens"): take(&usage.cachedTokens, tokens(bytes, value))
            case 20 where text.isKey(key, "input_tokens_details"), 21 where text.isKey(key, "prompt_tokens_details"):
                take(&usage.cachedTokens, detail(value, "cached_tokens", bytes))
            case 21 where text.isKey(key, "output_tokens_details"),
                25 where text.isKey(key, "completion_tokens_details"):
                take(&usage.reasoningTokens, detail(value, "reasoning_tokens", bytes))
            default: break
            }
        }
        guard prompt != nil || completion != nil || total != nil else { return nil }
        // Those who give a total alone (embeddings, rerank) have nothing but a prompt.
        usage.promptTokens = prompt ?? (completion == nil ? total : nil) ?? 0
        usage.completionTokens = completion ?? 0
        // xAI leaves reasoning out of the completion, and only the total tells.
        if usage.reasoningTokens > 0, usage.completionTokens > 0 || completion != nil,
            total == usage.promptTokens + usage.completionTokens + usage.reasoningTokens
        {
            usage.completionTokens += usage.reasoningTokens
        }
        usage.totalTokens = max(total ?? 0, usage.promptTokens + usage.completionTokens)
        return usage
    }

    /// More than this is not a number of tokens; sums of such numbers cannot overflow.
    private static let mostTokens = 1_000_000_000_000_000

    private static func tokens(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard let number = JSONText.int(bytes, range), (0...mostTokens).contains(number) else { return nil }
        return number
    }

    private static func take(_ number: inout Int, _ found: Int?) {
        if let found, found > 0 { number = found }
    }

    private static func detail(
        _ range: Range<Int>, _ name: StaticString, _ bytes: UnsafeRawBufferPointer
    ) -> Int? {
        JSONScanner.member(of: range, named: name, in: bytes).flatMap { tokens(bytes, $0) }
    }

    static func nested(_ range: Range<Int>, _ name: StaticString, _ bytes: UnsafeRawBufferPointer) -> Usage? {
        JSONScanner.member(of: range, named: name, in: bytes).flatMap { usage(of: $0, in: bytes) }
    }

    /// A top-level member among those that stand completely before `end`.
    private static func member(
        _ name: StaticString, _ bytes: UnsafeRawBufferPointer, upTo end: Int
    ) -> Range<Int>? {
        guard end > 0 else { return nil }
        return JSONScanner.member(of: 0..<end, named: name, in: bytes)
    }

    /// A top-level member found from the end, looking at the last 2 KiB only.
    ///
    /// Inside a string every quote has a backslash before it, so `,"name"` outside of one is a key; it is the top level's
    /// if what follows closes exactly one bracket, at the very end.
    private static func lateMember(_ name: StaticString, _ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        let count = name.utf8CodeUnitCount
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > count + 4 else {
            return nil
        }
        var at = bytes.count - count - 2
        let first = max(bytes.count - 2048, 1)
        while at >= first {
            while at >= first, base[at] != UInt8(ascii: "\"") { at &-= 1 }
            guard at >= first else { return nil }
            defer { at -= 1 }
            guard base[at + count + 1] == UInt8(ascii: "\""),
                ByteRun.equals(base, at + 1..<at + 1 + count, name)
            else { continue }
            var before = at - 1
            while before >= first, base[before] <= 0x20 { before -= 1 }
            guard before >= first, base[before] == UInt8(ascii: ",") else { return nil }
            return lastMembers(bytes, from: at)
        }
        return nil
    }

    /// The value of the member whose key starts at `start`, if nothing but further members and the end of the text follow.
    private static func lastMembers(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Range<Int>? {
        guard var text = JSONSkimmer(bytes, start..<bytes.count) else { return nil }
        var found: Range<Int>?
        while text.nextKey() != nil {
            let valueStart = text.at
            guard text.value() else { return nil }
            if found == nil { found = valueStart..<text.at }
        }
        guard bytes[text.at - 1] == UInt8(ascii: "}"), text.peek() == 0 else { return nil }
        return found
    }
}
