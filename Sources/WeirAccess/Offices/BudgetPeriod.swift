package import WeirCore

/// When the spend of a budget counts from zero again. Days begin at midnight UTC.
///
/// LiteLLM ends a period where the calendar does: `1d` at midnight, `7d` and `1w` on Monday, `30d` and `1mo` on the first
/// of the month, other days at the midnight that many days on, hours, minutes and seconds at the next multiple since the
/// last midnight, hour and minute. Only its budgets of `/budget/new` ran from the moment of their making in 1.83.
package enum BudgetPeriod {
    /// The first end of a period that lies behind `moment`; both are microseconds since 1970 UTC. What is no duration ends at
    /// the next midnight, as in LiteLLM; a form does not let it in, an import may.
    package static func end(
        _ text: String, after moment: Int64, of kind: EntityKind, _ compat: Compat
    ) -> Int64 {
        guard let duration = DurationText(text) else { return MomentText.startOfDay(moment, plus: 1) }
        if kind == .budgets, compat == .v1_83 { return duration.end(from: moment) }
        return aligned(duration, moment)
    }

    /// Sets `budget_reset_at` by the document's `budget_duration`; takes it away where there is none.
    package static func begin(
        _ document: inout JSONObject, at now: Int64, of kind: EntityKind, _ compat: Compat
    ) {
        document["budget_reset_at"] = document.string("budget_duration").map {
            .int(end($0, after: now, of: kind, compat))
        }
    }

    private static func aligned(_ duration: DurationText, _ moment: Int64) -> Int64 {
        let second: Int64 = 1_000_000
        switch (duration.unit, duration.count) {
        case (.days, 7), (.weeks, 1): return MomentText.startOfNextMonday(moment)
        case (.days, 30), (.months, 1): return MomentText.startOfNextMonth(moment)
        case (.days, let count): return MomentText.startOfDay(moment, plus: count)
        case (.weeks, let count): return MomentText.startOfDay(moment, plus: 7 * count)
        case (.months, let count):
            return MomentText.adding(months: count - 1, to: MomentText.startOfNextMonth(moment))
        case (.hours, let count): return multiple(of: Int64(count) * 3600 * second, in: 86_400 * second, moment)
        case (.minutes, let count): return multiple(of: Int64(count) * 60 * second, in: 3600 * second, moment)
        case (.seconds, let count): return multiple(of: Int64(count) * second, in: 60 * second, moment)
        }
    }

    /// The next multiple of `step`, counted from the last multiple of `cycle`.
    private static func multiple(of step: Int64, in cycle: Int64, _ moment: Int64) -> Int64 {
        let begin = moment / cycle * cycle
        return begin + ((moment - begin) / step + 1) * step
    }
}
