/// Moments in ISO 8601, to the microsecond, UTC. The calendar is computed after Howard Hinnant's `days_from_civil`.
package enum MomentText {
    private static let day: Int64 = 86_400_000_000

    /// `2026-12-21T03:32:38.570204Z`, or with `+00:00` at its end.
    package static func text(_ microseconds: Int64, zone: String = "Z") -> String {
        let (date, rest) = civil(microseconds)
        let seconds = rest / 1_000_000
        return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T"
            + "\(pad(Int(seconds / 3600), 2)):\(pad(Int(seconds / 60 % 60), 2)):\(pad(Int(seconds % 60), 2))"
            + ".\(pad(Int(rest % 1_000_000), 6))\(zone)"
    }

    /// Reads `2027-01-31`, `2027-01-31T12:00`, `2027-01-31 12:00:00.5`, each with `Z`, `+02:00` or nothing (UTC) behind.
    /// Nil for anything else and for years outside 1970 to 9999.
    package static func microseconds(_ text: String) -> Int64? {
        var bytes = ArraySlice(text.utf8)
        guard let year = number(&bytes, 4), take(&bytes, "-"), let month = number(&bytes, 2), take(&bytes, "-"),
            let day = number(&bytes, 2), (1970...9999).contains(year), (1...12).contains(month),
            (1...length(of: month, in: year)).contains(day)
        else { return nil }
        var moment = daysBefore(year, month, day) * Self.day
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
        let (date, rest) = civil(microseconds)
        let total = date.year * 12 + date.month - 1 + months
        let (year, month) = (total / 12, total % 12 + 1)
        return daysBefore(year, month, min(date.day, length(of: month, in: year))) * day + rest
    }

    /// The first moment of the next month, of the next Monday, or of the day `days` from now.
    package static func startOfNextMonth(_ microseconds: Int64) -> Int64 {
        let date = civil(microseconds).date
        let total = date.year * 12 + date.month
        return daysBefore(total / 12, total % 12 + 1, 1) * day
    }
    package static func startOfDay(_ microseconds: Int64, plus days: Int) -> Int64 {
        (microseconds / day + Int64(days)) * day
    }
    package static func startOfNextMonday(_ microseconds: Int64) -> Int64 {
        // 1970-01-01 was a Thursday.
        let weekday = (microseconds / day + 3) % 7
        return (microseconds / day + 7 - weekday) * day
    }

    // MARK: The calendar

    private static func civil(_ microseconds: Int64) -> (date: (year: Int, month: Int, day: Int), rest: Int64) {
        let days = Int(microseconds / day) + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (
            (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1),
            microseconds % day
        )
    }

    private static func daysBefore(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // MARK: Text

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

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
