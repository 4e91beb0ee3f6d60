import WeirCore

/// A route's path as OpenAPI writes it.
enum OpenAPIPath {
    /// What stands for the rest of a path, slashes included.
    private static let rest = "**"

    static func text(_ path: String) -> String { path.replacing(rest, with: "{name}") }

    static func parameters(_ path: String) -> [JSONValue] {
        names(text(path)).map { name in
            [
                "name": .string(name), "in": "path", "required": true,
                "schema": ["type": "string", "minLength": 1, "maxLength": 512],
            ]
        }
    }

    private static func names(_ path: String) -> [String] {
        path.split(separator: "/").compactMap { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? String(part.dropFirst().dropLast()) : nil
        }
    }

    /// `key_generate_post`: unique, for clients that are generated.
    static func identifier(_ path: String, _ method: String) -> String {
        let words = text(path).split { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "_") }
        return (words + [Substring(method)]).joined(separator: "_")
    }

    /// `key` for `/key/generate`, the version left out of account.
    static func family(_ path: String) -> String {
        let parts = text(path).split(separator: "/")
        let isVersion = parts.first.map { $0 == "v1" || $0 == "v2" } ?? false
        return (isVersion ? parts.dropFirst().first : parts.first).map(String.init) ?? "page"
    }
}
