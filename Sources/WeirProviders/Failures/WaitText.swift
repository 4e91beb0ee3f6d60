/// Reads how long to wait out of the many forms in which upstreams write it. All results are nanoseconds from now on, and
/// nil for what is no time, lies in the past or is further away than a year.
enum WaitText {
    private static let second: UInt64 = 1_000_000_000
    /// What is further away is a slip, not a wish.
    private static let furthest: UInt64 = 366 * 86_400 * second

    /// A number of seconds or an instant as a number of (milli-, micro-, nano-) seconds since 1970, a duration with units
    /// (`6m0s`, `250ms`), an RFC 3339 time or one of the three forms of an HTTP date.
    ///
    /// - Parameters:
    ///   - text: in small letters, trimmed.
    ///   - wall: nanoseconds since 1970.
    static func wait(_ text: [UInt8], wall: UInt64) -> UInt64? {
        if let number = number(text) {
            switch number.whole {
            case 0..<second: return checked(number.whole * second + number.nano)
            // Instants of our times have 10 digits in seconds, and three more in each finer unit.
            case second..<10 * second: return checked(until: number.whole * second + number.nano, wall)
            case 100 * second..<100_000 * second: return checked(until: number.whole * 1_000_000, wall)
            case 100_000 * second..<100_000_000 * second: return checked(until: number.whole * 1000, wall)
            case (100_000_000 * second)...: return checked(until: number.whole, wall)
            default: return nil
            }
        }
        if let duration = duration(text) { return checked(duration) }
        guard let date = DateText.seconds(text, wall: wall), let instant = product(date, second) else { return nil }
        return checked(until: instant, wall)
    }

    /// A number of milliseconds.
    static func milliseconds(_ text: [UInt8]) -> UInt64? {
        guard let number = number(text), number.whole < 1000 * second else { return nil }
        return checked(number.whole * 1_000_000 + number.nano / 1000)
    }

    /// The duration at `start`, which other words may follow: `26 seconds`, `7m12.5s`. Without a unit it is in seconds.
    static func leadingDuration(_ text: [UInt8], from start: Int) -> UInt64? {
        var cursor = TextCursor(text, at: start)
        guard let (total, _) = durationParts(&cursor) else { return nil }
        return checked(total)
    }

    // MARK: Numbers

    private static func checked(_ nanoseconds: UInt64) -> UInt64? {
        nanoseconds > 0 && nanoseconds <= furthest ? nanoseconds : nil
    }

    private static func checked(until instant: UInt64, _ wall: UInt64) -> UInt64? {
        instant > wall ? checked(instant - wall) : nil
    }

    private static func number(_ text: [UInt8]) -> (whole: UInt64, nano: UInt64)? {
        var cursor = TextCursor(text, at: 0)
        guard let number = cursor.number(), cursor.isAtEnd else { return nil }
        return number
    }

    private static func product(_ count: UInt64, _ unit: UInt64) -> UInt64? {
        let (product, over) = count.multipliedReportingOverflow(by: unit)
        return over || product > UInt64.max / 8 ? nil : product
    }

    // MARK: Durations

    private static func duration(_ text: [UInt8]) -> UInt64? {
        var cursor = TextCursor(text, at: 0)
        guard let (total, hasUnit) = durationParts(&cursor), hasUnit, cursor.isAtEnd else { return nil }
        return total
    }

    private static func durationParts(_ cursor: inout TextCursor) -> (total: UInt64, hasUnit: Bool)? {
        var total: UInt64 = 0
        var count = 0
        while count < 6 {
            let start = cursor.at
            guard let number = cursor.number(), number.whole < second else {
                cursor.at = start
                break
            }
            let behindNumber = cursor.at
            cursor.skipSpaces()
            let word = cursor.word()
            guard let unit = unit(word) else {
                // A bare number, then something else: seconds, when it is all there is.
                cursor.at = behindNumber
                return count == 0 ? (number.whole * second + number.nano, false) : (total, true)
            }
            // `number.nano` counts billionths of the unit.
            guard let whole = product(number.whole, unit), total < UInt64.max / 2 else { return nil }
            // In two steps, so that neither of them leaves 64 bits.
            total += whole + unit / 1000 * (number.nano / 1000) / 1000
            count += 1
        }
        return count > 0 ? (total, true) : nil
    }

    private static func unit(_ word: [UInt8]) -> UInt64? {
        switch String(decoding: word, as: UTF8.self) {
        case "ns": 1
        case "us", "\u{B5}s": 1000
        case "ms", "millisecond", "milliseconds": 1_000_000
        case "s", "sec", "secs", "second", "seconds": second
        case "m", "min", "mins", "minute", "minutes": 60 * second
        case "h", "hr", "hour", "hours": 3600 * second
        case "d", "day", "days": 86_400 * second
        default: nil
        }
    }
}
