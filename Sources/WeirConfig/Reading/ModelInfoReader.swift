/// `model_info` of one entry. Any key may stand there; those that nobody reads are shown as they are.
enum ModelInfoReader {
    static func read(_ reader: FieldReader, into entry: inout ModelEntry) {
        var info = ModelInfo()
        info.id = reader.text("id")
        info.mode = reader.text("mode")
        info.baseModel = reader.text("base_model")
        info.maxTokens = reader.whole("max_tokens")
        info.maxInputTokens = reader.whole("max_input_tokens")
        info.maxOutputTokens = reader.whole("max_output_tokens")
        info.accessGroups = reader.texts("access_groups")
        info.teamID = reader.text("team_id")
        info.healthCheckTimeout = reader.seconds("health_check_timeout")
        info.healthCheckModel = reader.text("health_check_model")
        info.healthCheckWithInference = reader.flag("health_check_with_inference")
        info.skipsBackgroundHealthCheck = reader.flag("disable_background_health_check") ?? false
        let rest = reader.seconds("cooldown_time", zero: true)
        entry.cooldown = entry.cooldown ?? rest
        entry.allowedFails = reader.whole("allowed_fails")
        entry.allowedFailsPolicy = FailurePolicyReader.fails("allowed_fails_policy", reader)
        info.fields = JSONText.fields(reader.members, reader.log)
        entry.price = entry.price.filled(from: PriceFields(reading: reader))
        entry.info = info
        if info.id == "", let member = reader.written("id") {
            reader.log.error(member.keyPlace, "`id` is empty: give a name that no other entry has, or remove it")
        }
        let known = KnownKeys.section(reader.section)
        let names = known.keys.sorted()
        for member in reader.members {
            if let key = known[member.key] {
                reader.tell(of: member, key)
            } else if !member.key.hasPrefix("supports_"), member.key.utf8.count > 3,
                let nearest = NearestName.of(member.key, among: names, limit: member.key.utf8.count <= 6 ? 1 : 2)
            {
                reader.log.warning(
                    member.keyPlace, "`\(member.key)` is not known and only shown: did you mean `\(nearest)`?"
                )
            }
        }
    }
}
