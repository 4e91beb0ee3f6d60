/// Opens the main file and every file that it includes, and merges them into one.
///
/// As with LiteLLM: a path is relative to the file that names it, lists are appended, mappings are merged, and of two single
/// values the included file's wins (which is warned of, because one of them then does nothing).
struct Includes {
    let source: any ConfigSource
    let environment: [String: String]
    let log: ProblemLog
    /// Every file asked for, in the order of asking, with what was in it.
    private(set) var fingerprint = ConfigFingerprint()

    init(source: any ConfigSource, environment: [String: String], log: ProblemLog) {
        self.source = source
        self.environment = environment
        self.log = log
    }

    /// Nil, with the problem noted, when the file cannot be had at all.
    mutating func open(_ path: String) -> [YAMLMember]? {
        load(path, from: nil, chain: [])
    }

    private mutating func load(_ path: String, from place: SourceLocation?, chain: [String]) -> [YAMLMember]? {
        log.opened(path)
        let bytes: [UInt8]
        do throws(ConfigSourceError) {
            bytes = try source.read(path)
            fingerprint.add(path, bytes)
        } catch {
            fingerprint.add(path, nil)
            if let place {
                log.error(place, "the included file \(path) cannot be read: \(error.reason)")
            } else {
                log.error(SourceLocation(file: path, line: 0), "cannot be read: \(error.reason)")
            }
            return nil
        }
        guard var members = YAMLReader.read(bytes, file: path, log) else { return nil }
        guard let index = members.firstIndex(where: { $0.key == "include" }) else { return members }
        let include = members.remove(at: index)
        for (reference, place) in references(include) {
            let target = source.resolve(reference, from: path)
            if (chain + [path]).contains(target) {
                let circle = (chain + [path, target]).joined(separator: " → ")
                log.error(place, "files include each other in a circle: \(circle); remove one of the includes")
            } else if fingerprint.files.contains(target) {
                log.warning(place, "\(target) is included already and is not read a second time: remove this line")
            } else if let included = load(target, from: place, chain: chain + [path]) {
                members = merge(members, included)
            }
        }
        return members
    }

    private func references(_ include: YAMLMember) -> [(String, SourceLocation)] {
        let node = EnvironmentReferences(environment: environment, log: log).resolve(include.value)
        if node.isNull { return [] }
        var found: [(String, SourceLocation)] = []
        for item in node.list ?? [node] {
            if let scalar = item.scalar, !item.isNull, !scalar.text.isEmpty {
                found.append((scalar.text, item.place))
            } else {
                log.error(item.place, "`include` takes a list of file names, not \(item.described)")
            }
        }
        return found
    }

    private func merge(_ own: [YAMLMember], _ included: [YAMLMember]) -> [YAMLMember] {
        var result = own
        for member in included {
            guard let index = result.firstIndex(where: { $0.key == member.key }) else {
                result.append(member)
                continue
            }
            let value = result[index].value
            switch (value.content, member.value.content) {
            case (.list(let first), .list(let second)): result[index].value.content = .list(first + second)
            case (.map(let first), .map(let second)): result[index].value.content = .map(merge(first, second))
            case _ where member.value.isNull: break
            case _ where value.isNull: result[index] = member
            case (.scalar(let first), .scalar(let second)):
                if first.text != second.text {
                    log.warning(
                        member.keyPlace,
                        "`\(member.key)` is also set at \(result[index].keyPlace): the included file's value is used; remove one"
                    )
                }
                result[index] = member
            default:
                log.error(
                    member.keyPlace,
                    "`\(member.key)` is \(member.value.described) here but \(value.described) at \(result[index].keyPlace): "
                        + "give both the same form"
                )
            }
        }
        return result
    }
}
