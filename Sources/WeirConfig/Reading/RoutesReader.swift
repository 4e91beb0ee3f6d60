/// `routes`: a list of rules, or lists of rules below the names of providers.
enum RoutesReader {
    static func read(_ top: FieldReader) -> [RouteRule] {
        guard let member = top.member("routes") else { return [] }
        if let items = member.value.list { return rules(items, group: "", top.log) }
        guard let groups = member.value.map else {
            top.wrong(member, "a list of rules, or lists of rules below names such as `openai`")
            return []
        }
        return groups.flatMap { group -> [RouteRule] in
            if group.value.isNull { return [] }
            guard let items = group.value.list else {
                top.log.error(group.value.place, "`\(group.key)` must be a list of rules, not \(group.value.described)")
                return []
            }
            return rules(items, group: group.key, top.log)
        }
    }

    private static func rules(_ items: [YAMLNode], group: String, _ log: ProblemLog) -> [RouteRule] {
        items.compactMap { item in
            guard let members = item.map else {
                log.error(item.place, "a rule of `routes` is a mapping with `models`, not \(item.described)")
                return nil
            }
            let reader = FieldReader("routes[]", members, item.place, log)
            let models = reader.texts("models") + reader.texts("model")
            let rule = RouteRule(
                group: group, models: models, condition: condition(reader),
                completionParams: reader.fields("completion_params"), place: item.place
            )
            reader.finish()
            if rule.condition == nil, rule.completionParams.isEmpty, !models.isEmpty {
                log.warning(
                    item.place, "this route changes nothing: add a `condition` or `completion_params`, or remove it"
                )
            }
            if models.isEmpty {
                log.error(item.place, "this rule of `routes` names no model: add `models` with names from `model_list`")
            }
            return rule
        }
    }

    private static func condition(_ reader: FieldReader) -> RouteRule.Condition? {
        guard let fields = reader.section("condition", as: "routes[].condition") else { return nil }
        let header = fields.text("header") ?? ""
        let value = fields.text("value")
        fields.finish()
        if !HeaderText.isName(header) {
            reader.log.error(
                fields.place, "`condition` needs a `header`: add the name of a header, such as X-AI-Alternate")
        }
        if let value, !HeaderText.isValue(value) {
            reader.log.error(fields.place, "no header can have this `value`: write one line of text")
        }
        return RouteRule.Condition(header: header, value: value)
    }
}
