package import WeirCore

/// Which texts of a document are secrets: by the names that they stand under, and by what they look like.
package enum SecretMembers {
    /// A text of a document, with where it stands.
    package struct Place: Sendable {
        /// RFC 6901.
        package let path: String
        package let name: String
        package let text: String
        /// It stands under a name that tells of a secret, is an address with a password in it, or is sealed.
        package let isSecret: Bool

        /// The name of an environment variable, not what it holds.
        package var isReference: Bool { text.hasPrefix("os.environ/") }
    }

    /// Members whose texts are all secret, whatever their names: headers carry credentials under any name.
    private static let whole: Set<String> = [
        "extra_headers", "default_headers", "static_headers", "headers", "credential_values",
    ]
    private static let words = ["subscription_key", "passphrase", "api_key", "apikey", "access_key"]
    /// How names end whose values are never counts or durations.
    private static let tails = ["key", "secret", "password", "token", "passphrase"]
    /// A public half, by AWS's own word.
    private static let plain: Set<String> = ["aws_access_key_id"]

    package static func isSecret(_ name: String) -> Bool {
        let name = String(name.lowercased().map { $0 == "-" ? "_" : $0 })
        if name.contains("tokenizer") || name.contains("cost") || plain.contains(name) { return false }
        return whole.contains(name) || Mask.isSecret(name) || words.contains { name.contains($0) }
    }

    /// The document with each of its texts replaced; nil takes the text's member, or its place in a list, out.
    package static func mapped(
        _ object: JSONObject, _ change: (Place) throws -> String?
    ) rethrows -> JSONObject {
        try mapped(object, path: "", isSecret: false, change)
    }

    /// Every text of the document, in its order.
    package static func places(_ object: JSONObject) -> [Place] {
        var places: [Place] = []
        _ = mapped(object) { place in
            places.append(place)
            return place.text
        }
        return places
    }

    /// Paths of numbers where only a text can be a secret: they would stand there for all to read.
    package static func numbers(_ object: JSONObject) -> [String] { numbers(object, path: "") }

    private static func numbers(_ object: JSONObject, path: String) -> [String] {
        object.members.flatMap { member in
            let path = "\(path)/\(escaped(member.name))"
            if case .number = member.value, isSecret(member.name), tails.contains(where: member.name.hasSuffix) {
                return [path]
            }
            return member.value.object.map { numbers($0, path: path) } ?? []
        }
    }

    /// Throws when something in a request's body cannot be sealed: a number in a secret's place, or what claims to be sealed
    /// already.
    static func refuseUnsealable(_ body: JSONObject) throws(OfficeFault) {
        if let path = numbers(body).first { throw .bad("\(path.dropFirst()) has to be a text.") }
        guard let place = places(body).first(where: { SealedText.isSealed($0.text) }) else { return }
        throw .bad("\(place.path.dropFirst()) begins like a sealed text: give the secret itself.")
    }

    private static func mapped(
        _ object: JSONObject, path: String, isSecret: Bool, _ change: (Place) throws -> String?
    ) rethrows -> JSONObject {
        JSONObject(
            try object.members.compactMap { member in
                try mapped(
                    member.value, member.name, path: "\(path)/\(escaped(member.name))",
                    isSecret: isSecret || Self.isSecret(member.name), change
                ).map { JSONObject.Member(member.name, $0) }
            })
    }

    private static func mapped(
        _ value: JSONValue, _ name: String, path: String, isSecret: Bool, _ change: (Place) throws -> String?
    ) rethrows -> JSONValue? {
        switch value {
        case .string(let text):
            let isSecret = !text.isEmpty && (isSecret || hasPassword(text) || SealedText.isSealed(text))
            return try change(Place(path: path, name: name, text: text, isSecret: isSecret)).map { .string($0) }
        case .object(let object): return .object(try mapped(object, path: path, isSecret: isSecret, change))
        case .array(let values):
            return .array(
                try values.enumerated().compactMap { index, value in
                    try mapped(value, name, path: "\(path)/\(index)", isSecret: isSecret, change)
                })
        default: return value
        }
    }

    /// `https://user:password@host`.
    static func hasPassword(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        return text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.contains("@")
    }

    private static func escaped(_ name: String) -> String {
        name.contains("~") || name.contains("/")
            ? name.replacing("~", with: "~0").replacing("/", with: "~1") : name
    }
}
