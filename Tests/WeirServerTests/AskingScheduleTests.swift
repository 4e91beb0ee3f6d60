import Testing
import WeirTestKit

@testable import WeirServer

@Suite struct AskingScheduleTests {
    @Test func `those who are new are due at once, and nobody is asked twice at once`() {
        var schedule = AskingSchedule()
        schedule.keepOnly(["a", "b"], at: 100)
        #expect(schedule.begin(at: 100, limit: 10) == ["a", "b"])
        #expect(schedule.begin(at: 1000, limit: 10) == [])
        schedule.end("a", next: 200)
        #expect(schedule.begin(at: 199, limit: 10) == [])
        #expect(schedule.begin(at: 200, limit: 10) == ["a"])
    }

    @Test func `the longest due come first, as many as the limit lets`() {
        var schedule = AskingSchedule()
        schedule.keepOnly(["a", "b", "c"], at: 0)
        #expect(schedule.begin(at: 0, limit: 3).count == 3)
        schedule.end("a", next: 30)
        schedule.end("b", next: 10)
        schedule.end("c", next: 20)
        #expect(schedule.begin(at: 50, limit: 2) == ["b", "c"])
        #expect(schedule.begin(at: 50, limit: 2) == [])
        schedule.end("b", next: 100)
        #expect(schedule.begin(at: 50, limit: 2) == ["a"])
    }

    @Test func `who is gone is neither asked nor waited for`() {
        var schedule = AskingSchedule()
        schedule.keepOnly(["a", "b"], at: 0)
        _ = schedule.begin(at: 0, limit: 2)
        schedule.keepOnly(["b", "c"], at: 5)
        #expect(schedule.asking == 1)
        #expect(schedule.begin(at: 5, limit: 2) == ["c"])
        #expect(schedule.end("a", next: 9) == false)
        #expect(schedule.asking == 2)
    }

    @Test func `a faster pace brings the next question forward, never back`() {
        var schedule = AskingSchedule()
        schedule.keepOnly(["a"], at: 0)
        _ = schedule.begin(at: 0, limit: 1)
        schedule.advance("a", to: 1)
        schedule.end("a", next: 100)
        schedule.advance("a", to: 50)
        schedule.advance("a", to: 80)
        #expect(schedule.begin(at: 49, limit: 1) == [])
        #expect(schedule.begin(at: 50, limit: 1) == ["a"])
    }

    @Test func `over random schedules nobody starves and the limit holds`() {
        var chance = SeededRandom(seed: 7)
        var schedule = AskingSchedule()
        let names = (0..<20).map { "n\($0)" }
        schedule.keepOnly(Set(names), at: 0)
        var last = Dictionary(uniqueKeysWithValues: names.map { ($0, UInt64(0)) })
        var open: [String] = []
        for now in UInt64(0)..<2000 {
            for name in schedule.begin(at: now, limit: 5) {
                #expect(!open.contains(name))
                open.append(name)
                last[name] = now
            }
            #expect(open.count <= 5 && open.count == schedule.asking)
            while !open.isEmpty, chance.next() % 3 > 0 {
                schedule.end(open.remove(at: Int(chance.next() % UInt64(open.count))), next: now + 10)
            }
        }
        #expect(last.values.allSatisfy { $0 > 1900 })
    }
}
