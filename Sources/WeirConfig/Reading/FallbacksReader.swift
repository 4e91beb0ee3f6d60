/// `fallbacks` at the top (primary, backup, condition), and LiteLLM's lists in `litellm_settings` and `router_settings`.
enum FallbacksReader {
    static func read(_ top: FieldReader) -> [FallbackRule] {
        var rules: [FallbackRule] = []
        if let member = top.member("fallbacks") {
            if let items = member.value.list {
                rules += items.flatMap { rule($0, top.log) }
            } else {
                top.wrong(member, "a list of rules with `primary` and `backup`")
            }
        }
        for section in ["litellm_settings", "router_settings"] {
            guard let members = top.members.first(where: { $0.key == section })?.value.map else { continue }
            let reader = FieldReader(section, members, top.place, top.log)
            rules += groups("fallbacks", .any, reader)
            rules += groups("context_window_fallbacks", .contextWindow, reader)
            rules += groups("content_policy_fallbacks", .contentPolicy, reader)
            if let member = reader.member("default_fallbacks"), !reader.texts("default_fallbacks").isEmpty {
                let backups = reader.texts("default_fallbacks")
                rules.append(FallbackRule(primary: "*", backups: backups, condition: .any, place: member.keyPlace))
            }
        }
        return rules
    }

    private static func rule(_ item: YAMLNode, _ log: ProblemLog) -> [FallbackRule] {
        guard let members = item.map else {
            log.error(item.place, "a fallback is a mapping with `primary` and `backup`, not \(item.described)")
            return []
        }
        let isPlain = members.contains { ["primary", "backup", "condition"].contains($0.key) }
        guard isPlain else { return lists(members, .any, log) }
        let reader = FieldReader("fallbacks[]", members, item.place, log)
        let primary = reader.text("primary")
        let backups = reader.texts("backup")
        let condition = reader.choice("condition", FallbackRule.Condition.self) ?? .any
        let known = KnownKeys.section(reader.section)
        for member in members where known[member.key] == nil { reader.unknown(member, known.keys.sorted()) }
        if primary == nil, !reader.isMissing("primary") {
            log.error(item.place, "this fallback has no `primary`: add the model group that may fail")
        }
        if backups.isEmpty, !reader.isMissing("backup") {
            log.error(item.place, "this fallback has no `backup`: add the model group that stands in")
        }
        return [FallbackRule(primary: primary ?? "", backups: backups, condition: condition, place: item.place)]
    }

    /// `- group: [first, second]`.
    private static func groups(
        _ key: String, _ condition: FallbackRule.Condition, _ reader: FieldReader
    ) -> [FallbackRule] {
        guard let member = reader.member(key) else { return [] }
        guard let items = member.value.list else {
            reader.wrong(member, "a list such as [{gpt-4o: [gpt-4o-mini]}]")
            return []
        }
        return items.flatMap { item -> [FallbackRule] in
            guard let members = item.map else {
                reader.log.error(
                    item.place, "`\(key)` holds mappings from a model group to a list, not \(item.described)")
                return []
            }
            return lists(members, condition, reader.log)
        }
    }

    private static func lists(
        _ members: [YAMLMember], _ condition: FallbackRule.Condition, _ log: ProblemLog
    ) -> [FallbackRule] {
        members.compactMap { member in
            let items = member.value.list ?? [member.value]
            let backups = items.compactMap { item -> String? in
                let name = item.map?.first { $0.key == "model" }?.value.scalar ?? item.scalar
                guard let name, !item.isNull, !name.text.isEmpty else {
                    log.error(item.place, "a fallback for `\(member.key)` is a name, or a mapping with `model`")
                    return nil
                }
                return name.text
            }
            return FallbackRule(primary: member.key, backups: backups, condition: condition, place: member.keyPlace)
        }
    }
}
