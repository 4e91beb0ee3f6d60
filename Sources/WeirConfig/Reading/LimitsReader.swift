import WeirCore

/// `rate_limits` and `model_group_limits`.
enum LimitsReader {
    static func read(_ top: FieldReader, _ general: GeneralSection, _ auth: AuthSection) -> RateLimitsSection {
        var limits = RateLimitsSection()
        if let reader = top.section("rate_limits", as: "rate_limits") {
            limits.global.requestsPerMinute = reader.whole("global_per_minute")
            limits.global.tokensPerMinute = reader.whole("global_tokens_per_minute", 0...Int.max)
            limits.global.parallel = reader.whole("global_max_parallel_requests")
            limits.assumedOutputTokens = reader.whole("assumed_output_tokens")
            limits.perAPIKey = perKey(reader, auth)
            reader.finish()
        }
        limits.global.parallel = limits.global.parallel ?? general.globalMaxParallelRequests
        if let parallel = general.maxParallelRequests { share(parallel, among: &limits.perAPIKey, top.place) }
        return limits
    }

    /// Every key has this limit that has none of its own.
    private static func share(_ parallel: Int, among keys: inout [RateLimitsSection.KeyLimit], _ place: SourceLocation)
    {
        keys = keys.map { key in
            var limits = key.limits
            limits.parallel = limits.parallel ?? parallel
            return .init(name: key.name, limits: limits, place: key.place)
        }
        if !keys.contains(where: { $0.name == "default" }) {
            keys.append(.init(name: "default", limits: LimitFields(parallel: parallel), place: place))
        }
    }

    private static func perKey(_ reader: FieldReader, _ auth: AuthSection) -> [RateLimitsSection.KeyLimit] {
        guard let member = reader.member("per_api_key") else { return [] }
        guard let members = member.value.map else {
            reader.wrong(member, "a mapping from the names of keys to requests a minute")
            return []
        }
        let names = auth.tokens.compactMap(\.name)
        let tokens = Set(auth.tokens.map { $0.token.revealed() })
        return members.compactMap { entry in
            guard !entry.value.isNull else { return nil }
            let isToken = tokens.contains(entry.key) || entry.key.hasPrefix("sk-")
            if !isToken, entry.key != "default", !names.contains(entry.key), !auth.tokens.isEmpty {
                let nearest = NearestName.of(entry.key, among: names).map { "; did you mean `\($0)`?" }
                reader.log.warning(
                    entry.keyPlace,
                    "no entry of `auth.tokens` has the name `\(entry.key)`, so this limit is only for a key with this alias"
                        + (nearest ?? ": write the token as `{name: \(entry.key), token: …}` if it is meant"))
            }
            let shown = isToken ? "the limit of this token" : "`\(entry.key)`"
            guard let limits = limits(entry, shown, "rate_limits.per_api_key{}", reader.log) else { return nil }
            return .init(name: entry.key, limits: limits, place: entry.keyPlace)
        }
    }

    static func groups(_ top: FieldReader) -> [GroupLimit] {
        guard let map = top.section("model_group_limits", as: "model_group_limits") else { return [] }
        return map.members.compactMap { entry in
            guard !entry.value.isNull,
                let limits = limits(entry, "`\(entry.key)`", "model_group_limits{}", top.log)
            else {
                return nil
            }
            return GroupLimit(group: entry.key, limits: limits, place: entry.keyPlace)
        }
    }

    /// A number of requests a minute, or a mapping with `rpm`, `tpm` and `max_parallel_requests`.
    private static func limits(
        _ entry: YAMLMember, _ shown: String, _ section: String, _ log: ProblemLog
    ) -> LimitFields? {
        if let members = entry.value.map {
            let reader = FieldReader(section, members, entry.keyPlace, log)
            let limits = LimitFields(
                requestsPerMinute: reader.whole("rpm"), tokensPerMinute: reader.whole("tpm", 0...Int.max),
                parallel: reader.whole("max_parallel_requests"))
            reader.finish()
            return limits
        }
        if let scalar = entry.value.scalar, scalar.isMissing || (scalar.variable != nil && scalar.text.isEmpty) {
            return nil
        }
        guard let scalar = entry.value.scalar, let number = YAMLNumber.whole(scalar.text),
            (0...Int(Int32.max)).contains(number)
        else {
            log.error(
                entry.value.place,
                "\(shown) must be a whole number of at least 0, or a mapping with `rpm`, `tpm` and `max_parallel_requests`, "
                    + "not \(entry.value.described)")
            return nil
        }
        return LimitFields(requestsPerMinute: number)
    }
}
