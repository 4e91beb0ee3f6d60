/// How long a key lives or a budget lasts, as LiteLLM writes it: `30s`, `15m`, `12h`, `30d`, `2w`, `1mo`.
package struct DurationText: Sendable, Hashable {
    package enum Unit: String, Sendable {
        case seconds = "s", minutes = "m", hours = "h", days = "d", weeks = "w", months = "mo"
    }

    /// 1 to 1,000,000.
    package let count: Int
    package let unit: Unit

    /// Nil for anything else, zero and negative durations included.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), (1...1_000_000).contains(count), digits.count <= 7,
            let unit = Unit(rawValue: String(text.dropFirst(digits.count)))
        else { return nil }
        self.count = count
        self.unit = unit
    }

    /// The moment this long after `moment`, both in microseconds since 1970 UTC. A month ends on the same day of the next
    /// one, or on its last day.
    package func end(from moment: Int64) -> Int64 {
        let second: Int64 = 1_000_000
        let count = Int64(count)
        switch unit {
        case .seconds: return moment + count * second
        case .minutes: return moment + count * 60 * second
        case .hours: return moment + count * 3600 * second
        case .days: return moment + count * 86_400 * second
        case .weeks: return moment + count * 7 * 86_400 * second
        case .months: return MomentText.adding(months: self.count, to: moment)
        }
    }
}
