import Testing
import WeirCore

@Suite struct CalendarDateTests {
    @Test(arguments: [
        (0, "1970-01-01", 4), (1, "1970-01-02", 5), (58, "1970-02-28", 6), (59, "1970-03-01", 0),
        (789, "1972-02-29", 2), (11_016, "2000-02-29", 2), (20_778, "2026-11-21", 6), (47_540, "2100-02-28", 0),
        (47_541, "2100-03-01", 1), (2_932_896, "9999-12-31", 5),
    ]) func `days have dates, and dates are days`(_ days: Int, _ text: String, _ weekday: Int) {
        let date = CalendarDate(daysSince1970: days)
        #expect(date.text == text)
        #expect(date.daysSince1970 == days)
        #expect(date.weekday == weekday)
    }

    @Test func `every day is the one after the day before`() {
        var last = CalendarDate(daysSince1970: 0)
        for days in 1...150_000 {
            let date = CalendarDate(daysSince1970: days)
            let next =
                if last.day < last.daysOfMonth {
                    CalendarDate(year: last.year, month: last.month, day: last.day + 1)
                } else if last.month < 12 {
                    CalendarDate(year: last.year, month: last.month + 1, day: 1)
                } else {
                    CalendarDate(year: last.year + 1, month: 1, day: 1)
                }
            guard date == next, date.daysSince1970 == days else {
                Issue.record("\(last.text) is followed by \(date.text)")
                return
            }
            last = date
        }
    }

    @Test(arguments: [(0, "00:00:00"), (59, "00:00:59"), (3_661, "01:01:01"), (86_399, "23:59:59")])
    func `a second of a day is a time`(_ second: Int, _ text: String) { #expect(CalendarDate.clock(second) == text) }
}
