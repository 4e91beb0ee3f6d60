/// A day of the Gregorian calendar, UTC.
///
/// The arithmetic is Howard Hinnant's (`civil_from_days`, `days_from_civil`): eras of 400 years, and years that begin in
/// March, so that the leap day is the last of its year.
package struct CalendarDate: Sendable, Hashable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int

    @inlinable
    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// So many days after 1970-01-01; from then on.
    @inlinable
    package init(daysSince1970 days: Int) {
        let shifted = UInt(bitPattern: days &+ 719_468)
        let era = shifted / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let fromMarch = (5 &* dayOfYear &+ 2) / 153
        let month = fromMarch < 10 ? fromMarch &+ 3 : fromMarch &- 9
        self.init(
            year: Int(bitPattern: yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)), month: Int(bitPattern: month),
            day: Int(bitPattern: dayOfYear &- (153 &* fromMarch &+ 2) / 5 &+ 1))
    }

    /// Days since 1970-01-01. A day that its month does not have counts on into the next one.
    package var daysSince1970: Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Days of this month.
    package var daysOfMonth: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// 0 is Sunday.
    package var weekday: Int { (daysSince1970 + 4) % 7 }

    /// `2026-11-21`
    package var text: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// `03:33:43`: a second of a day.
    package static func clock(_ second: Int) -> String {
        "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    }

    /// With leading zeros.
    package static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
