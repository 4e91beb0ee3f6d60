import WeirCore

/// The Redis of `router_settings`, of `general_settings.coordination_redis`, and of the environment.
enum RedisReader {
    static let routerKeys = RedisSource.Names.router.all

    static func read(_ top: FieldReader, _ environment: [String: String]) -> RedisSection? {
        var sources: [RedisSource] = []
        if let member = top.members.first(where: { $0.key == "router_settings" }), let members = member.value.map {
            sources.append(RedisSource(FieldReader("router_settings", members, member.keyPlace, top.log), .router))
        }
        if let member = top.members.first(where: { $0.key == "general_settings" }), let members = member.value.map {
            let general = FieldReader("general_settings", members, member.keyPlace, top.log)
            if let reader = general.section("coordination_redis", as: "general_settings.coordination_redis") {
                sources.append(RedisSource(reader, .coordination))
                reader.finish()
            }
        }
        sources.append(RedisSource(variables(environment, top.log), .environment))
        return joined(sources, top.log)
    }

    /// The variables as a mapping. Empty ones are not there.
    private static func variables(_ environment: [String: String], _ log: ProblemLog) -> FieldReader {
        let place = SourceLocation(file: "environment", line: 0)
        let members = RedisSource.Names.environment.all.compactMap { name -> YAMLMember? in
            guard let text = environment[name], !text.isEmpty else { return nil }
            let scalar = YAMLScalar(text: text, isPlain: true, variable: name)
            return YAMLMember(key: name, keyPlace: place, value: YAMLNode(content: .scalar(scalar), place: place))
        }
        return FieldReader("environment", members, place, log)
    }

    private static func joined(_ sources: [RedisSource], _ log: ProblemLog) -> RedisSection? {
        guard let chosen = sources.first(where: \.namesServer) else {
            for source in sources where source.place.line > 0 && source.isMentioned {
                log.warning(
                    source.place,
                    "no Redis is named, so this process shares nothing with others: add a host, or remove these keys")
            }
            return nil
        }
        let port = sources.lazy.compactMap(\.port).first ?? 6379
        let service = chosen.service ?? sources.lazy.compactMap(\.service).first
        guard let address = chosen.address(port: port, service: service, log) else { return nil }
        var section = RedisSection(address: address, place: chosen.place)
        // A URL stands for itself, with what stands beside it.
        let credentials = chosen.url == nil ? sources : [chosen]
        section.username = chosen.url?.username ?? credentials.lazy.compactMap(\.username).first
        section.password =
            (chosen.url?.password).map { Secret($0) } ?? credentials.lazy.compactMap(\.password).first
        section.usesTLS = chosen.url?.usesTLS == true || credentials.lazy.compactMap(\.usesTLS).first == true
        section.database = chosen.url?.database ?? credentials.lazy.compactMap(\.database).first ?? 0
        section.sentinelPassword = credentials.lazy.compactMap(\.sentinelPassword).first
        section.namespace = sources.lazy.compactMap(\.namespace).first
        if case .cluster = address, section.database != 0 {
            log.error(section.place, "a cluster of Redis has only database 0: remove `redis_db`")
        }
        return section
    }
}
