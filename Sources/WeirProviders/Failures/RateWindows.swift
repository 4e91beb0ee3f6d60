/// The rate limits that an upstream's header fields tell of: what remains of each, and when it is full again.
///
/// OpenAI's and its followers' `x-ratelimit-remaining-requests` and `x-ratelimit-reset-requests`, Anthropic's
/// `anthropic-ratelimit-tokens-remaining` and `…-reset`, OpenRouter's `x-ratelimit-reset` (also inside the body), Mistral's
/// `ratelimitbysize-…`, and the fields of the IETF's draft (`ratelimit-reset`, `ratelimit: "x";r=0;t=30`).
struct RateWindows {
    private struct Window {
        var isUsedUp: Bool?
        /// Nanoseconds from now on.
        var reset: UInt64?
    }

    private var windows: [(name: [UInt8], window: Window)] = []

    private static let list = Array("ratelimit".utf8)
    private static let reset = Array("-reset".utf8)
    private static let remaining = Array("-remaining".utf8)

    init(_ fields: ErrorFields, _ words: ErrorWords, _ wall: UInt64) {
        for (name, value) in fields.all {
            if name == Self.list {
                noteList(value, wall)
            } else {
                note(name, value, wall)
            }
        }
        if windows.isEmpty {
            for (name, value) in words.hints { note(Array(name.utf8), value, wall) }
        }
    }

    /// The time until all windows that are used up are full again. When nothing tells which of them is, the shortest of
    /// those that may be; with `isCertain` none.
    func wait(isCertain: Bool) -> UInt64? {
        let usedUp = windows.filter { $0.window.isUsedUp == true }.compactMap(\.window.reset)
        if let last = usedUp.max() { return last }
        if isCertain { return nil }
        return windows.filter { $0.window.isUsedUp == nil }.compactMap(\.window.reset).min()
    }

    private mutating func note(_ field: [UInt8], _ value: [UInt8], _ wall: UInt64) {
        let (isReset, isRemaining) = (field.place(of: Self.reset), field.place(of: Self.remaining))
        guard (isReset == nil) != (isRemaining == nil), let at = isReset ?? isRemaining else { return }
        var name = field
        name.removeSubrange(at..<at + (isReset != nil ? Self.reset : Self.remaining).count)
        let index = windows.firstIndex { $0.name == name } ?? windows.count
        if index == windows.count { windows.append((name, Window())) }
        if isReset != nil {
            windows[index].window.reset = WaitText.wait(value, wall: wall)
        } else {
            windows[index].window.isUsedUp = Self.isNothing(value)
        }
    }

    /// `"default";r=0;t=30`, or the older `limit=100, remaining=0, reset=30`.
    private mutating func noteList(_ value: [UInt8], _ wall: UInt64) {
        var window = Window()
        for part in value.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }) {
            let pair = part.filter { $0 != 0x20 }.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard pair.count == 2 else { continue }
            switch String(decoding: pair[0], as: UTF8.self) {
            case "r", "remaining": window.isUsedUp = Self.isNothing(Array(pair[1]))
            case "t", "reset": window.reset = WaitText.wait(Array(pair[1]), wall: wall)
            default: continue
            }
            guard window.isUsedUp != nil, window.reset != nil else { continue }
            windows.append((Self.list, window))
            window = Window()
        }
    }

    /// The number is nothing or less; nil when it is none.
    private static func isNothing(_ value: [UInt8]) -> Bool? {
        if value.first == UInt8(ascii: "-") { return true }
        var cursor = TextCursor(value, at: 0)
        guard let number = cursor.number(), cursor.isAtEnd else { return nil }
        return number.whole == 0 && number.nano == 0
    }
}
