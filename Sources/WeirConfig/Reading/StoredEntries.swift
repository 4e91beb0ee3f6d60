package import WeirCore

/// Entries of `model_list` that come from the store instead of a file: read by the same rules.
package enum StoredEntries {
    /// What one entry means with the credentials of the configuration; nil with the sentences that tell why it cannot be served.
    package static func read(
        _ entry: JSONObject, _ credentials: [CredentialEntry], environment: [String: String]
    ) -> (entry: ModelEntry?, problems: [String]) {
        let log = ProblemLog(strict: false)
        let place = SourceLocation(file: "store", line: 0)
        let list = YAMLNode(content: .list([node(.object(entry), place)]), place: place)
        let resolved = EnvironmentReferences(environment: environment, log: log).resolve(list)
        let member = YAMLMember(key: "model_list", keyPlace: place, value: resolved)
        let entries = ModelListReader.read(FieldReader("", [member], place, log), credentials)
        let errors = log.sorted.filter { $0.severity == .error }.map(\.message)
        return (errors.isEmpty ? entries.first : nil, errors)
    }

    private static func node(_ value: JSONValue, _ place: SourceLocation) -> YAMLNode {
        let content: YAMLNode.Content =
            switch value {
            case .null: .scalar(YAMLScalar(text: "", isPlain: true))
            case .bool(let flag): .scalar(YAMLScalar(text: flag ? "true" : "false", isPlain: true))
            case .number(let text): .scalar(YAMLScalar(text: text, isPlain: true))
            case .string(let text): .scalar(YAMLScalar(text: text, isPlain: false))
            case .array(let values): .list(values.map { node($0, place) })
            case .object(let object):
                .map(object.members.map { YAMLMember(key: $0.name, keyPlace: place, value: node($0.value, place)) })
            }
        return YAMLNode(content: content, place: place)
    }
}
