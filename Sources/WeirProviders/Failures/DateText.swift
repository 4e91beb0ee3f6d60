import WeirCore

/// Reads instants as RFC 3339 and RFC 9110 write them, to the second.
enum DateText {
    private static let months = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]

    /// Seconds since 1970; nil for anything that is no date since then.
    ///
    /// - Parameters:
    ///   - text: in small letters, trimmed.
    ///   - wall: nanoseconds since 1970, for years of two digits: they are at most fifty years ahead.
    static func seconds(_ text: [UInt8], wall: UInt64) -> UInt64? {
        guard let first = text.first else { return nil }
        return first &- 0x30 < 10 ? rfc3339(text) : http(text, wall)
    }

    /// `2025-01-31T23:59:60.123+01:00`
    private static func rfc3339(_ text: [UInt8]) -> UInt64? {
        var cursor = TextCursor(text, at: 0)
        guard let year = cursor.digits(4), cursor.take("-"), let month = cursor.digits(2), cursor.take("-"),
            let day = cursor.digits(2), cursor.take("t") || cursor.take(" "),
            let time = time(&cursor)
        else { return nil }
        if cursor.take(".") {
            let start = cursor.at
            while cursor.digits(1) != nil {}
            guard cursor.at > start else { return nil }
        }
        var offset: Int64 = 0
        if !cursor.take("z") {
            let isBehind = cursor.take("-")
            guard isBehind || cursor.take("+"), let hours = cursor.digits(2), cursor.take(":"),
                let minutes = cursor.digits(2), hours < 24, minutes < 60
            else { return nil }
            offset = Int64(hours * 3600 + minutes * 60) * (isBehind ? -1 : 1)
        }
        guard cursor.isAtEnd else { return nil }
        return instant(year, month, day, time, offset)
    }

    private static func http(_ text: [UInt8], _ wall: UInt64) -> UInt64? {
        var cursor = TextCursor(text, at: 0)
        guard cursor.word().count >= 3 else { return nil }
        if cursor.take(" ") { return asctime(&cursor) }
        guard cursor.take(", "), let day = cursor.digits(2) else { return nil }
        let isOld = cursor.take("-")
        guard isOld || cursor.take(" "), let month = months[String(decoding: cursor.word(), as: UTF8.self)],
            cursor.take(isOld ? "-" : " "), var year = cursor.digits(isOld ? 2 : 4), cursor.take(" "),
            let time = time(&cursor), cursor.take(" gmt") || cursor.take(" utc"), cursor.isAtEnd
        else { return nil }
        if isOld {
            let now = thisYear(wall)
            year += now / 100 * 100
            if year > now + 50 { year -= 100 }
        }
        return instant(year, UInt64(month), day, time, 0)
    }

    /// What follows the day's name of `Sun Nov  6 08:49:37 1994`.
    private static func asctime(_ cursor: inout TextCursor) -> UInt64? {
        guard let month = months[String(decoding: cursor.word(), as: UTF8.self)], cursor.take(" "),
            let day = cursor.take(" ") ? cursor.digits(1) : cursor.digits(2), cursor.take(" "),
            let time = time(&cursor), cursor.take(" "), let year = cursor.digits(4), cursor.isAtEnd
        else { return nil }
        return instant(year, UInt64(month), day, time, 0)
    }

    /// Seconds of the day. A leap second counts as the next one.
    private static func time(_ cursor: inout TextCursor) -> UInt64? {
        guard let hours = cursor.digits(2), cursor.take(":"), let minutes = cursor.digits(2), cursor.take(":"),
            let seconds = cursor.digits(2), hours < 24, minutes < 60, seconds <= 60
        else { return nil }
        return hours * 3600 + minutes * 60 + seconds
    }

    private static func instant(
        _ year: UInt64, _ month: UInt64, _ day: UInt64, _ time: UInt64, _ offset: Int64
    ) -> UInt64? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let date = CalendarDate(year: Int(year), month: Int(month), day: Int(day))
        let seconds = Int64(date.daysSince1970 * 86_400) + Int64(time) - offset
        return seconds < 0 ? nil : UInt64(seconds)
    }

    private static func thisYear(_ wall: UInt64) -> UInt64 {
        // Exact to a day, which is enough to tell centuries apart.
        1970 + wall / 1_000_000_000 / 31_556_952
    }
}
