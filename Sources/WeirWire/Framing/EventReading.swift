import WeirCore

/// What the data of one event says to the relay. Ranges are offsets in the data.
///
/// Understood are OpenAI's streams of chat, completions and Responses and what others have made of them; data of any
/// other form says nothing.
struct EventReading {
    private(set) var isDone = false
    private(set) var isError = false
    private(set) var usage: Usage?
    /// `choices` is an empty array.
    private(set) var hasNoChoices = false
    /// A `usage` object stands at the top level.
    private(set) var hasUsageObject = false
    private(set) var hasContent = false
    private(set) var isFinish = false
    /// The values of `model` and, in events of the Responses API, `response.model`.
    private(set) var model: Range<Int>?
    private(set) var responseModel: Range<Int>?

    /// The extra event at the end of a stream that was asked to tell its usage.
    var isUsageOnly: Bool { hasNoChoices && hasUsageObject }

    /// Nothing was found that the relay must know, other than content and names of models.
    var saysNothing: Bool { !isDone && !isError && !isFinish && !hasUsageObject && !hasNoChoices && usage == nil }

    /// - Parameters:
    ///   - seeksContent: nobody has seen content yet; `hasContent` is only set then.
    ///   - seeksModel: `responseModel` is only set then.
    init(_ data: UnsafeRawBufferPointer, seeksContent: Bool, seeksModel: Bool) {
        guard var text = JSONSkimmer(data, 0..<data.count) else { return }
        guard text.take(UInt8(ascii: "{")) else {
            isDone = text.at + 6 <= text.end && text.isKey(text.at..<text.at + 6, "[DONE]")
            return
        }
        while let key = text.nextKey() {
            let start = text.at
            switch key.count {
            case 7 where text.isKey(key, "choices"):
                readChoices(&text, seeksContent)
                continue
            case 4, 5, 6, 8: break
            default:
                guard text.value() else { return }
                continue
            }
            guard text.value() else { return }
            let value = start..<text.at
            if text.isKey(key, "model") {
                if model == nil { model = value }
            } else if text.isKey(key, "usage") {
                hasUsageObject = data[start] == UInt8(ascii: "{")
                if hasUsageObject { usage = UsageReader.usage(of: value, in: data) ?? usage }
            } else if text.isKey(key, "error") {
                isError = isError || !text.isKey(value, "null")
            } else if text.isKey(key, "type") {
                readType(text, value)
            } else if text.isKey(key, "x_groq") {
                if usage == nil { usage = UsageReader.nested(value, "usage", data) }
                if let error = JSONScanner.member(of: value, named: "error", in: data) {
                    isError = isError || !text.isKey(error, "null")
                }
            } else if text.isKey(key, "response"), data[start] == UInt8(ascii: "{") {
                // Only the last event of a response has its usage and the answer once more: null elsewhere.
                usage = UsageReader.nested(value, "usage", data) ?? usage
                if seeksModel { responseModel = JSONScanner.member(of: value, named: "model", in: data) }
            }
        }
    }

    /// Passes `choices`, or whatever stands in its place.
    private mutating func readChoices(_ text: inout JSONSkimmer, _ seeksContent: Bool) {
        guard text.take(UInt8(ascii: "[")) else {
            _ = text.value()
            return
        }
        if text.take(UInt8(ascii: "]")) {
            hasNoChoices = true
            return
        }
        while text.nextElement() {
            guard text.take(UInt8(ascii: "{")) else {
                guard text.value() else { return }
                continue
            }
            while let key = text.nextKey() {
                if seeksContent, !hasContent, text.isKey(key, "delta"), text.take(UInt8(ascii: "{")) {
                    readDelta(&text)
                    continue
                }
                let start = text.at
                guard text.value() else { return }
                if key.count == 13, text.isKey(key, "finish_reason") {
                    isFinish = isFinish || !text.isEmpty(start..<text.at)
                } else if seeksContent, text.isKey(key, "text") {
                    hasContent = hasContent || !text.isEmpty(start..<text.at)
                }
            }
        }
    }

    /// Any member of a delta but the role is content, if it says something: text, reasoning, tool calls, a refusal, audio.
    private mutating func readDelta(_ text: inout JSONSkimmer) {
        while let key = text.nextKey() {
            let start = text.at
            guard text.value() else { return }
            if !text.isKey(key, "role"), !text.isEmpty(start..<text.at) { hasContent = true }
        }
    }

    /// The kind of an event of the Responses API.
    private mutating func readType(_ text: JSONSkimmer, _ value: Range<Int>) {
        guard value.count > 2 else { return }
        let kind = value.dropFirst().dropLast()
        let name = kind.lowerBound..<kind.upperBound
        if text.isKey(name, "error") {
            isError = true
            return
        }
        guard name.count > 9, text.isKey(name.lowerBound..<name.lowerBound + 9, "response.") else { return }
        let rest = name.lowerBound + 9..<name.upperBound
        if text.isKey(rest, "completed") || text.isKey(rest, "incomplete") {
            isFinish = true
        } else if text.isKey(rest, "failed") {
            isFinish = true
            isError = true
        } else if rest.count > 6, text.isKey(rest.upperBound - 6..<rest.upperBound, ".delta") {
            hasContent = true
        }
    }
}
