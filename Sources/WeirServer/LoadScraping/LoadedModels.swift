import WeirWire

/// The models that an Ollama server has in memory, as `GET /api/ps` lists them.
struct LoadedModels: Equatable {
    private let names: Set<String>

    /// `{"models": [{"name": "llama3.2:latest", …}, …]}`; nil for anything else.
    init?(json text: [UInt8]) {
        let names: Set<String>? = text.withUnsafeBytes { bytes in
            guard let scan = try? JSONScanner.scan(bytes), let list = scan.value(of: "models", in: bytes),
                bytes[list.lowerBound] == UInt8(ascii: "[")
            else { return nil }
            var names: Set<String> = []
            for model in JSONScanner.elements(of: list, in: bytes) {
                for key in ["name", "model"] as [StaticString] {
                    guard let range = JSONScanner.member(of: model, named: key, in: bytes),
                        let name = try? JSONText.string(bytes, range)
                    else { continue }
                    names.insert(Self.full(name))
                }
            }
            return names
        }
        guard let names else { return nil }
        self.names = names
    }

    func contains(_ model: String) -> Bool { names.contains(Self.full(model)) }

    /// Ollama's own rule: without a tag, `latest` is meant; capitals do not matter.
    private static func full(_ name: String) -> String {
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return (last.contains(":") ? name : name + ":latest").lowercased()
    }
}
