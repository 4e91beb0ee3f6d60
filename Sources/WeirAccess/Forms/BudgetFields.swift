package import WeirCore

/// What the form alone does not see in fields about budgets.
package enum BudgetFields {
    /// Ten years: no budget lasts longer.
    static let greatestPeriod: Int64 = 10 * 366 * 86_400 * 1_000_000

    /// Looks into `budget_duration`, `budget_limits`, `model_max_budget` and the temporary increase, at `now` (µs).
    /// Throws a 422 with every problem.
    package static func check(_ body: JSONObject, at now: Int64) throws(OfficeFault) {
        let problems =
            period(body.string("budget_duration"), "budget_duration", now) + limits(body.value("budget_limits"), now)
            + models(body.value("model_max_budget"), now) + temporary(body, now)
        guard problems.isEmpty else { throw .form(problems) }
    }

    private static func period(_ text: String?, _ field: String, _ now: Int64) -> [OfficeFault.Problem] {
        guard let text else { return [] }
        guard let duration = DurationText(text) else {
            return [.init(field, "value_error", "Input should be a duration such as 30s, 15m, 12h, 30d, 2w or 1mo")]
        }
        return duration.end(from: now) - now <= greatestPeriod
            ? [] : [.init(field, "value_error", "Input should be at most ten years")]
    }

    private static func limits(_ value: JSONValue?, _ now: Int64) -> [OfficeFault.Problem] {
        guard let entries = value?.array else { return [] }
        guard entries.count <= 20 else { return [.init("budget_limits", "too_long", "at most 20 budgets")] }
        return entries.flatMap { entry -> [OfficeFault.Problem] in
            guard let entry = entry.object, let text = entry.string("budget_duration"),
                amount(entry["max_budget"]) != nil
            else {
                return [
                    .init(
                        "budget_limits", "value_error",
                        "each entry needs a budget_duration such as 1d and a max_budget of 0 or more dollars")
                ]
            }
            return period(text, "budget_limits", now)
        }
    }

    private static func models(_ value: JSONValue?, _ now: Int64) -> [OfficeFault.Problem] {
        guard let models = value?.object else { return [] }
        return models.members.flatMap { model -> [OfficeFault.Problem] in
            if amount(model.value) != nil { return [] }
            guard let entry = model.value.object,
                amount(entry.value("budget_limit") ?? entry.value("max_budget")) != nil
            else {
                return [
                    .init(
                        "model_max_budget", "value_error",
                        "\(model.name): a budget_limit of 0 or more dollars is needed, and may have a time_period "
                            + "such as 1d")
                ]
            }
            let text = entry.value("time_period") ?? entry.value("budget_duration")
            if let text, text.string == nil {
                return [.init("model_max_budget", "value_error", "\(model.name): time_period should be a duration")]
            }
            return period(text?.string, "model_max_budget", now)
        }
    }

    private static func temporary(_ body: JSONObject, _ now: Int64) -> [OfficeFault.Problem] {
        let increase = body.value("temp_budget_increase")
        let expiry = body.value("temp_budget_expiry")
        guard (increase == nil) == (expiry == nil) else {
            return [
                .init(
                    "temp_budget_increase", "value_error",
                    "temp_budget_increase and temp_budget_expiry must be set together")
            ]
        }
        guard let moment = expiry?.int, Int64(moment) <= now else { return [] }
        return [.init("temp_budget_expiry", "value_error", "Input should be a moment that is still to come")]
    }

    private static func amount(_ value: JSONValue?) -> Money? {
        guard let value, case .value(let checked) = FieldCheck.check(value, .money) else { return nil }
        return checked.money
    }
}
