import WeirCore

/// Moments in ISO 8601, to the microsecond, UTC.
package enum MomentText {
    private static let day: Int64 = 86_400_000_000

    /// `2026-12-21T03:32:38.570204Z`, or with `+00:00` at its end.
    package static func text(_ microseconds: Int64, zone: String = "Z") -> String {
        let rest = microseconds % day
        return "\(date(microseconds).text)T\(CalendarDate.clock(Int(rest / 1_000_000)))"
            + ".\(CalendarDate.padded(Int(rest % 1_000_000), 6))\(zone)"
    }

    /// Reads `2027-01-31`, `2027-01-31T12:00`, `2027-01-31 12:00:00.5`, each with `Z`, `+02:00` or nothing (UTC) behind.
    /// Nil for anything else and for years outside 1970 to 9999.
    package static func microseconds(_ text: String) -> Int64? {
        var bytes = ArraySlice(text.utf8)
        guard let year = number(&bytes, 4), take(&bytes, "-"), let month = number(&bytes, 2), take(&bytes, "-"),
            let day = number(&bytes, 2), (1970...9999).contains(year), (1...12).contains(month),
            day >= 1
        else { return nil }
        let date = CalendarDate(year: year, month: month, day: day)
        guard day <= date.daysOfMonth else { return nil }
        var moment = start(date)
        if bytes.isEmpty { return moment }
        guard take(&bytes, "T") || take(&bytes, "t") || take(&bytes, " "), let hour = number(&bytes, 2),
            take(&bytes, ":"), let minute = number(&bytes, 2), hour < 24, minute < 60
        else { return nil }
        moment += Int64(hour * 3600 + minute * 60) * 1_000_000
        if take(&bytes, ":") {
            guard let second = number(&bytes, 2), second < 60 else { return nil }
            moment += Int64(second) * 1_000_000
            if take(&bytes, ".") {
                var unit: Int64 = 100_000
                guard let first = bytes.first, (48...57).contains(first) else { return nil }
                while let digit = bytes.first, (48...57).contains(digit) {
                    moment += Int64(digit - 48) * unit
                    unit /= 10
                    bytes = bytes.dropFirst()
                }
            }
        }
        return zone(bytes).map { moment - $0 }
    }

    /// `months` later, on the same day of the month or on its last.
    package static func adding(months: Int, to microseconds: Int64) -> Int64 {
        let date = date(microseconds)
        let total = date.year * 12 + date.month - 1 + months
        let first = CalendarDate(year: total / 12, month: total % 12 + 1, day: 1)
        let last = min(date.day, first.daysOfMonth)
        return start(first) + Int64(last - 1) * day + microseconds % day
    }

    /// The first moment of the next month, of the next Monday, or of the day `days` from now.
    package static func startOfNextMonth(_ microseconds: Int64) -> Int64 {
        let date = date(microseconds)
        let total = date.year * 12 + date.month
        return start(CalendarDate(year: total / 12, month: total % 12 + 1, day: 1))
    }
    package static func startOfDay(_ microseconds: Int64, plus days: Int) -> Int64 {
        (microseconds / day + Int64(days)) * day
    }
    package static func startOfNextMonday(_ microseconds: Int64) -> Int64 {
        // 1970-01-01 was a Thursday.
        let weekday = (microseconds / day + 3) % 7
        return (microseconds / day + 7 - weekday) * day
    }

    private static func date(_ microseconds: Int64) -> CalendarDate {
        CalendarDate(daysSince1970: Int(microseconds / day))
    }

    private static func start(_ date: CalendarDate) -> Int64 { Int64(date.daysSince1970) * day }

    // MARK: Text

    private static func number(_ bytes: inout ArraySlice<UInt8>, _ width: Int) -> Int? {
        guard bytes.count >= width, bytes.prefix(width).allSatisfy({ (48...57).contains($0) }) else { return nil }
        let number = bytes.prefix(width).reduce(0) { $0 * 10 + Int($1) - 48 }
        bytes = bytes.dropFirst(width)
        return number
    }

    private static func take(_ bytes: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes = bytes.dropFirst()
        return true
    }

    /// How far the zone is ahead of UTC, in microseconds.
    private static func zone(_ text: ArraySlice<UInt8>) -> Int64? {
        var bytes = text
        if bytes.isEmpty { return 0 }
        if take(&bytes, "Z") || take(&bytes, "z") { return bytes.isEmpty ? 0 : nil }
        let isBehind = bytes.first == UInt8(ascii: "-")
        guard take(&bytes, "+") || take(&bytes, "-"), let hours = number(&bytes, 2) else { return nil }
        _ = take(&bytes, ":")
        guard let minutes = bytes.isEmpty ? 0 : number(&bytes, 2), bytes.isEmpty, hours < 24, minutes < 60 else {
            return nil
        }
        return Int64(hours * 3600 + minutes * 60) * (isBehind ? -1_000_000 : 1_000_000)
    }
}
