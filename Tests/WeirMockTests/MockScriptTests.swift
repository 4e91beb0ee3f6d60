import Testing
import WeirMock

@Test func `a choice is read with what stands behind its colon`() {
    #expect(MockChoice("429:30")?.count == 30)
    #expect(MockChoice("stall-before-head:500ms")?.duration == 500_000_000)
    #expect(MockChoice("slow:2s")?.duration == 2_000_000_000)
    #expect(MockChoice("ok")?.scenario == .ok)
}

@Test(arguments: ["", "OK", "okay", "ok:", "ok:x", "ok:5m", "slow:3601s", "ok:-1", "ok:99999999999999999999"])
func `what is no choice is none`(text: String) {
    #expect(MockChoice(text) == nil)
}

@Test func `every scenario has a name that fits into a path and one line of explanation`() {
    for scenario in MockScenario.allCases {
        #expect(scenario.rawValue.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
        #expect(!scenario.summary.isEmpty && !scenario.summary.contains("\n"))
        #expect(MockChoice(scenario.rawValue)?.scenario == scenario)
    }
}
