import WeirCore

/// `provider_budget_config`.
enum BudgetsReader {
    static func read(_ reader: FieldReader) -> [ProviderBudget] {
        guard let map = reader.section("provider_budget_config", as: "router_settings.provider_budget_config") else {
            return []
        }
        return map.members.compactMap { member in
            guard let fields = map.section(member.key, as: "router_settings.provider_budget_config{}") else {
                return nil
            }
            let limit = fields.money("budget_limit") ?? fields.money("max_budget")
            let period = period("time_period", fields) ?? period("budget_duration", fields)
            for other in fields.members where KnownKeys.section(fields.section)[other.key] == nil {
                fields.unknown(other, KnownKeys.section(fields.section).keys.sorted())
            }
            guard let limit else {
                if !["budget_limit", "max_budget"].contains(where: fields.has) {
                    map.log.error(
                        member.keyPlace, "the budget of `\(member.key)` has no `budget_limit`: add it, in dollars")
                }
                return nil
            }
            return ProviderBudget(provider: member.key.lowercased(), limit: limit, period: period)
        }
    }

    /// `30s`, `30m`, `24h`, `7d`, `2w`, `1mo`.
    private static func period(_ key: String, _ fields: FieldReader) -> Duration? {
        guard let member = fields.member(key) else { return nil }
        let units = [("mo", 2_592_000), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("w", 604_800)]
        let text = member.value.scalar?.text ?? ""
        for (unit, seconds) in units where text.hasSuffix(unit) {
            if let count = Int(text.dropLast(unit.count)), (1...10_000).contains(count) {
                return .seconds(count * seconds)
            }
        }
        fields.wrong(member, "a period such as 24h, 7d or 1mo")
        return nil
    }
}
