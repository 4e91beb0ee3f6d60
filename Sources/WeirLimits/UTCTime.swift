import WeirCore

/// A moment in words: `2026-11-21 03:33:43 UTC`.
enum UTCTime {
    /// `nanoseconds` since 1970, rounded up to a second.
    static func text(_ nanoseconds: UInt64) -> String {
        let seconds = Int(nanoseconds / 1_000_000_000) + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
        let date = CalendarDate(daysSince1970: seconds / 86_400)
        return "\(date.text) \(CalendarDate.clock(seconds % 86_400)) UTC"
    }
}
