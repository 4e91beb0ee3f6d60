/// What is said of keys that nobody reads.
enum UnknownKeys {
    /// Names the nearest known key, or the section in which the key would be known.
    static func message(_ key: String, in section: String, _ names: [String]) -> String {
        let place = section.isEmpty ? "at the top of the file" : "in `\(section)`"
        if let nearest = NearestName.of(key, among: names) {
            return "the key `\(key)` is not known \(place) and does nothing: did you mean `\(nearest)`?"
        }
        if let home = homes(of: key).first {
            return "the key `\(key)` is not known \(place) and does nothing: it belongs into `\(home)`"
        }
        return "the key `\(key)` is not known \(place) and does nothing: remove it"
    }

    private static func homes(of key: String) -> [String] {
        [
            "general_settings", "litellm_settings", "router_settings", "model_list[].litellm_params",
            "model_list[].model_info",
        ]
        .filter { KnownKeys.section($0)[key] != nil }
    }

    /// A key that is not acted on yet is at least checked for its type, so that it will work once it is.
    static func check(_ member: YAMLMember, _ kind: KnownKey.Kind, _ reader: FieldReader) {
        switch kind {
        case .flag: _ = reader.flag(member.key)
        case .count: _ = reader.whole(member.key)
        case .whole: _ = reader.whole(member.key, -Int(Int32.max)...Int(Int32.max))
        case .port: _ = reader.whole(member.key, 1...65535)
        case .seconds: _ = reader.seconds(member.key, zero: true)
        case .number:
            if let member = reader.member(member.key), member.value.scalar.flatMap({ YAMLNumber.json($0.text) }) == nil
            {
                reader.wrong(member, "a number")
            }
        case .list:
            if let member = reader.member(member.key), member.value.map != nil { reader.wrong(member, "a list") }
        case .map:
            if let member = reader.member(member.key), member.value.map == nil { reader.wrong(member, "a mapping") }
        case .text:
            if let member = reader.member(member.key), member.value.scalar == nil { reader.wrong(member, "a text") }
        case .any: break
        }
    }
}
