import Testing
import WeirAccess

struct AnswerMomentTests {
    @Test(arguments: [
        (0 as Int64, "Z", "1970-01-01T00:00:00Z"),
        (1_795_231_958_570_204, "Z", "2026-11-21T03:32:38.570204Z"),
        (1_795_231_958_570_000, "+00:00", "2026-11-21T03:32:38.570000+00:00"),
        (1_795_231_958_000_000, "+00:00", "2026-11-21T03:32:38+00:00"),
    ])
    func `a whole second has no fraction`(moment: Int64, zone: String, text: String) {
        #expect(AnswerMoment.text(moment, zone: zone) == text)
    }
}
