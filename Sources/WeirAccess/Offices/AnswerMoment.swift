/// Moments as LiteLLM's answers have them: a whole second has no fraction.
package enum AnswerMoment {
    /// `2026-11-22T00:00:00Z`, `2026-12-21T03:32:38.570204Z`; with another `zone` at its end where that is given.
    package static func text(_ microseconds: Int64, zone: String = "Z") -> String {
        guard microseconds % 1_000_000 == 0 else { return MomentText.text(microseconds, zone: zone) }
        return MomentText.text(microseconds, zone: "").prefix { $0 != "." } + zone
    }
}
