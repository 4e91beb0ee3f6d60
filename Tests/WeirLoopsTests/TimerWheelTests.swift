import Testing
import WeirCore
import WeirLoops

/// The wheel, turned by hand.
struct TimerWheelTests {
    /// A wheel with its clock and whoever shall wake it.
    private final class Bench {
        var now: UInt64 = 1_000_000_000
        var sleeper: (() -> Void)?
        var naps = 0
        var rung: [String] = []
        var alarms: [Alarm] = []
        lazy var wheel = TimerWheel(
            now: { [unowned self] in now },
            sleep: { [unowned self] wake in
                naps += 1
                sleeper = wake
            })

        func alarm(_ name: String, then: @escaping () -> Void = {}) -> Alarm {
            let alarm = Alarm { [unowned self] in
                rung.append(name)
                then()
            }
            alarms.append(alarm)
            return alarm
        }

        /// Lets time pass as a loop does: tick by tick while somebody sleeps, at once when nobody does.
        func pass(milliseconds: UInt64) {
            let end = now + milliseconds * 1_000_000
            while let wake = sleeper, now + TimerWheel.tickNanoseconds <= end {
                now += TimerWheel.tickNanoseconds
                sleeper = nil
                wake()
            }
            now = end
        }

        /// Lets time pass unseen, and then wakes the wheel once.
        func oversleep(milliseconds: UInt64) {
            now += milliseconds * 1_000_000
            let wake = sleeper
            sleeper = nil
            wake?()
        }
    }

    private func milliseconds(_ count: UInt64) -> Timeout { Timeout(nanoseconds: count * 1_000_000) }

    @Test(arguments: [1, 49, 50, 51, 99, 100, 1000, 30_000, 51_200, 51_250, 75_000, 600_000])
    func `an alarm never rings early and at most two ticks and a bit late`(time: UInt64) {
        let bench = Bench()
        bench.pass(milliseconds: 17)
        bench.wheel.set(bench.alarm("a"), after: milliseconds(time))
        bench.pass(milliseconds: time)
        #expect(bench.rung.isEmpty)
        bench.pass(milliseconds: 151)
        #expect(bench.rung == ["a"])
    }

    @Test func `alarms ring in the order of their time`() {
        let bench = Bench()
        for (name, time) in [("c", 900), ("a", 100), ("d", 70_000), ("b", 500)] {
            bench.wheel.set(bench.alarm(name), after: milliseconds(UInt64(time)))
        }
        bench.pass(milliseconds: 80_000)
        #expect(bench.rung == ["a", "b", "c", "d"])
    }

    @Test func `an alarm rings once`() {
        let bench = Bench()
        bench.wheel.set(bench.alarm("a"), after: milliseconds(100))
        bench.pass(milliseconds: 200_000)
        #expect(bench.rung == ["a"])
    }

    @Test func `an alarm that is cleared does not ring and can be set again`() {
        let bench = Bench()
        let alarm = bench.alarm("a")
        bench.wheel.set(alarm, after: milliseconds(100))
        alarm.clear()
        bench.pass(milliseconds: 1000)
        #expect(bench.rung.isEmpty)
        bench.wheel.set(alarm, after: milliseconds(100))
        bench.pass(milliseconds: 300)
        #expect(bench.rung == ["a"])
    }

    @Test func `an alarm that is cleared and set at once rings at its new time only`() {
        let bench = Bench()
        let alarm = bench.alarm("a")
        bench.wheel.set(alarm, after: milliseconds(100))
        alarm.clear()
        bench.wheel.set(alarm, after: milliseconds(5000))
        bench.pass(milliseconds: 4900)
        #expect(bench.rung.isEmpty)
        bench.pass(milliseconds: 300)
        #expect(bench.rung == ["a"])
    }

    @Test func `an alarm moves to later`() {
        let bench = Bench()
        let alarm = bench.alarm("a")
        bench.wheel.set(alarm, after: milliseconds(1000))
        for _ in 0..<10 {
            bench.pass(milliseconds: 900)
            bench.wheel.set(alarm, after: milliseconds(1000))
        }
        #expect(bench.rung.isEmpty)
        bench.pass(milliseconds: 1200)
        #expect(bench.rung == ["a"])
    }

    @Test func `an alarm moves to earlier`() {
        let bench = Bench()
        let alarm = bench.alarm("a")
        bench.wheel.set(alarm, after: milliseconds(60_000))
        bench.wheel.set(alarm, after: milliseconds(200))
        bench.pass(milliseconds: 400)
        #expect(bench.rung == ["a"])
        bench.pass(milliseconds: 100_000)
        #expect(bench.rung == ["a"])
    }

    @Test func `an alarm that moves to earlier and to later again rings at the last`() {
        let bench = Bench()
        let alarm = bench.alarm("a")
        for time in [60_000, 200, 3000] { bench.wheel.set(alarm, after: milliseconds(UInt64(time))) }
        bench.pass(milliseconds: 2900)
        #expect(bench.rung.isEmpty)
        bench.pass(milliseconds: 300)
        #expect(bench.rung == ["a"])
    }

    @Test func `no timeout is the same as clearing`() {
        let bench = Bench()
        let alarm = bench.alarm("a")
        bench.wheel.set(alarm, after: milliseconds(100))
        bench.wheel.set(alarm, after: .none)
        bench.pass(milliseconds: 1000)
        #expect(bench.rung.isEmpty)
    }

    @Test func `an alarm may set itself again while it rings`() {
        let bench = Bench()
        var again: Alarm?
        var left = 3
        let alarm = bench.alarm("a") {
            left -= 1
            if left > 0, let again { bench.wheel.set(again, after: Timeout(nanoseconds: 1_000_000_000)) }
        }
        again = alarm
        bench.wheel.set(alarm, after: milliseconds(1000))
        bench.pass(milliseconds: 10_000)
        #expect(bench.rung == ["a", "a", "a"])
    }

    @Test func `an alarm may clear one that is due in the same tick`() {
        let bench = Bench()
        var second: Alarm?
        let first = bench.alarm("first") { second?.clear() }
        second = bench.alarm("second")
        bench.wheel.set(first, after: milliseconds(100))
        if let second { bench.wheel.set(second, after: milliseconds(100)) }
        bench.pass(milliseconds: 1000)
        #expect(bench.rung == ["first"])
    }

    @Test func `a wheel without alarms sleeps, and one alarm wakes it`() {
        let bench = Bench()
        #expect(bench.sleeper == nil)
        let alarm = bench.alarm("a")
        bench.wheel.set(alarm, after: milliseconds(100))
        #expect(bench.sleeper != nil)
        bench.pass(milliseconds: 1000)
        #expect(bench.sleeper == nil)
        let naps = bench.naps
        bench.pass(milliseconds: 100_000)
        #expect(bench.naps == naps)
        bench.wheel.set(alarm, after: milliseconds(100))
        bench.pass(milliseconds: 99)
        #expect(bench.rung == ["a"])
        bench.pass(milliseconds: 200)
        #expect(bench.rung == ["a", "a"])
    }

    @Test func `a loop that was held up rings everything that is due by then`() {
        let bench = Bench()
        for (name, time) in [("b", 500), ("a", 100), ("far", 200_000)] {
            bench.wheel.set(bench.alarm(name), after: milliseconds(UInt64(time)))
        }
        bench.oversleep(milliseconds: 100_000)
        #expect(bench.rung == ["a", "b"])
        bench.pass(milliseconds: 101_000)
        #expect(bench.rung == ["a", "b", "far"])
    }

    @Test func `an alarm set while the loop is held up does not ring early`() {
        let bench = Bench()
        bench.wheel.set(bench.alarm("a"), after: milliseconds(100))
        bench.now += 10_000_000_000
        bench.wheel.set(bench.alarm("late"), after: milliseconds(1000))
        let wake = bench.sleeper
        bench.sleeper = nil
        wake?()
        #expect(bench.rung == ["a"])
    }

    @Test func `a thousand alarms that are always moved stay one entry each`() {
        let bench = Bench()
        let alarms = (0..<1000).map { bench.alarm("\($0)") }
        for _ in 0..<200 {
            for alarm in alarms { bench.wheel.set(alarm, after: milliseconds(75_000)) }
            bench.pass(milliseconds: 1000)
        }
        #expect(bench.rung.isEmpty)
        bench.pass(milliseconds: 76_000)
        #expect(Set(bench.rung).count == 1000)
        #expect(bench.rung.count == 1000)
    }

    @Test func `an enormous timeout does not overflow`() {
        let bench = Bench()
        bench.wheel.set(bench.alarm("a"), after: Timeout(nanoseconds: .max))
        bench.pass(milliseconds: 200_000)
        #expect(bench.rung.isEmpty)
    }
}
