import WeirConfig

/// A file in memory, read: the shortest way from YAML text to what was found in it.
struct Reading {
    let result: ConfigReading

    init(
        _ text: String, including others: [String: String] = [:], environment: [String: String] = [:],
        strict: Bool = false
    ) {
        let source = MemorySource(others.merging(["config.yaml": text]) { first, _ in first })
        result = ConfigReader.read(path: "config.yaml", source: source, environment: environment, strict: strict)
    }

    var problems: [String] { result.problems.map(\.description) }
    var errors: [String] { result.errors.map(\.description) }
    var document: ConfigDocument { result.document ?? ConfigDocument() }
}
