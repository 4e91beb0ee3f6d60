import WeirCore

/// `routing_strategy` with its arguments, for the router and for single model groups.
enum StrategyReader {
    /// `reader`: of a mapping that has `routing_strategy` and `routing_strategy_args`.
    static func fields(_ reader: FieldReader) -> StrategyFields {
        var fields = StrategyFields()
        if let strategy = reader.choice("routing_strategy", RouterSection.Strategy.self) { fields.strategy = strategy }
        arguments(reader, &fields)
        return fields
    }

    private static func arguments(_ reader: FieldReader, _ fields: inout StrategyFields) {
        guard let reader = reader.section("routing_strategy_args", as: "routing_strategy_args") else { return }
        fields.latencyLifetime = reader.seconds("ttl") ?? fields.latencyLifetime
        fields.lowestLatencyBuffer = reader.number("lowest_latency_buffer", 0...1000) ?? fields.lowestLatencyBuffer
        fields.latencyListSize = reader.whole("max_latency_list_size", 1...1000) ?? fields.latencyListSize
        fields.firstTokenPercentile = reader.number("ttft_percentile", 0...1, positive: true)
        fields.prefixAffinity = reader.flag("prefix_affinity") ?? fields.prefixAffinity
        fields.metricsInterval = reader.seconds("metrics_interval") ?? fields.metricsInterval
        reader.finish()
    }

    // MARK: Model groups

    static func groups(_ reader: FieldReader) -> [GroupStrategy] {
        let found = routingGroups(reader) + byName(reader)
        var first: [String: SourceLocation] = [:]
        return found.filter { strategy in
            guard let other = first.updateValue(strategy.place, forKey: strategy.group) else { return true }
            first[strategy.group] = other
            reader.log.error(
                strategy.place,
                "the model group `\(strategy.group)` already has a strategy of its own at \(other): remove one of the two"
            )
            return false
        }
    }

    /// LiteLLM's form: names of sets of groups, with one strategy each.
    private static func routingGroups(_ reader: FieldReader) -> [GroupStrategy] {
        guard let member = reader.member("routing_groups") else { return [] }
        guard let items = member.value.list else {
            reader.wrong(member, "a list of entries with `group_name`, `models` and `routing_strategy`")
            return []
        }
        return items.flatMap { item -> [GroupStrategy] in
            guard let members = item.map else {
                reader.log.error(
                    item.place, "an entry of `routing_groups` is a mapping with `models`, not \(item.described)")
                return []
            }
            let entry = FieldReader("router_settings.routing_groups[]", members, item.place, reader.log)
            _ = entry.text("group_name")
            let models = entry.texts("models")
            if models.isEmpty, !entry.isMissing("models") {
                entry.log.error(
                    item.place, "this entry of `routing_groups` has no `models`: add names from `model_list`")
            }
            let isByPriority = entry.written("routing_strategy")?.value.scalar?.text == "priority"
            if isByPriority {
                entry.log.warning(
                    item.place,
                    "`routing_strategy: priority` is not acted on: write the priorities as `order` into `litellm_params`"
                )
            } else if entry.member("routing_strategy") == nil, !entry.isMissing("routing_strategy") {
                entry.log.error(item.place, "this entry of `routing_groups` has no `routing_strategy`: add one")
            }
            let fields = isByPriority ? nil : self.fields(entry)
            entry.finish()
            guard let fields else { return [] }
            return models.map { GroupStrategy(group: $0, fields: fields, place: item.place) }
        }
    }

    /// Weir's form: from the group's name to a strategy, or to a mapping with strategy and arguments.
    private static func byName(_ reader: FieldReader) -> [GroupStrategy] {
        let key = "model_group_routing_strategy"
        guard let map = reader.section(key, as: "router_settings.\(key)") else { return [] }
        return map.members.compactMap { member in
            guard !member.value.isNull else { return nil }
            var fields = StrategyFields()
            if let members = member.value.map {
                let entry = FieldReader("router_settings.\(key){}", members, member.keyPlace, reader.log)
                fields = self.fields(entry)
                entry.finish()
            } else if let strategy = map.choice(member.key, RouterSection.Strategy.self) {
                fields.strategy = strategy
            } else {
                return nil
            }
            return GroupStrategy(group: member.key, fields: fields, place: member.keyPlace)
        }
    }
}
