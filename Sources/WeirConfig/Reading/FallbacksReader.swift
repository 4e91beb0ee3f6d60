/// `fallbacks` at the top (primary, backup, condition), and LiteLLM's lists in `litellm_settings` and `router_settings`.
enum FallbacksReader {
    static let keys = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks"]

    static func read(_ top: FieldReader) -> [FallbackRule] {
        var rules: [FallbackRule] = []
        if let member = top.member("fallbacks") {
            if let items = member.value.list {
                rules += items.flatMap { rule($0, top.log) }
            } else {
                top.wrong(member, "a list of rules with `primary` and `backup`")
            }
        }
        let sections = ["router_settings", "litellm_settings"].compactMap { section -> FieldReader? in
            guard let members = top.members.first(where: { $0.key == section })?.value.map else { return nil }
            return FieldReader(section, members, top.place, top.log)
        }
        for key in keys { rules += list(key, sections) }
        return rules
    }

    /// As with LiteLLM, a list of `router_settings` takes the place of the same one in `litellm_settings`.
    private static func list(_ key: String, _ sections: [FieldReader]) -> [FallbackRule] {
        var taken: SourceLocation?
        var rules: [FallbackRule] = []
        for reader in sections {
            guard let member = reader.member(key), member.value.list?.isEmpty != true else { continue }
            if let taken {
                reader.log.warning(
                    member.keyPlace,
                    "`\(key)` is also set in `router_settings` at \(taken), which counts: remove one of the two")
                continue
            }
            taken = member.keyPlace
            rules += self.rules(key, member, reader)
        }
        return rules
    }

    private static func rules(_ key: String, _ member: YAMLMember, _ reader: FieldReader) -> [FallbackRule] {
        switch key {
        case "context_window_fallbacks": return groups(member, .contextWindow, reader)
        case "content_policy_fallbacks": return groups(member, .contentPolicy, reader)
        case "default_fallbacks":
            let backups = reader.texts(key)
            if backups.isEmpty { return [] }
            return [FallbackRule(primary: "*", backups: backups, condition: .any, place: member.keyPlace)]
        default: return groups(member, .any, reader)
        }
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
        reader.finish()
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
        _ member: YAMLMember, _ condition: FallbackRule.Condition, _ reader: FieldReader
    ) -> [FallbackRule] {
        guard let items = member.value.list else {
            reader.wrong(member, "a list such as [{gpt-4o: [gpt-4o-mini]}]")
            return []
        }
        return items.flatMap { item -> [FallbackRule] in
            guard let members = item.map else {
                reader.log.error(
                    item.place, "`\(member.key)` holds mappings from a model group to a list, not \(item.described)")
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
                if let other = item.map?.first(where: { $0.key != "model" }) {
                    log.warning(
                        other.keyPlace,
                        "of a fallback only `model` is acted on, not `\(other.key)`: give it a model group of its own")
                }
                return name.text
            }
            return FallbackRule(primary: member.key, backups: backups, condition: condition, place: member.keyPlace)
        }
    }
}
