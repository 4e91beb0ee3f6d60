/// Configuration files in memory, by path.
package struct MemorySource: ConfigSource {
    package var files: [String: String]

    package init(_ files: [String: String]) { self.files = files }

    package func read(_ path: String) throws(ConfigSourceError) -> [UInt8] {
        guard let text = files[path] else { throw ConfigSourceError(reason: "no such file") }
        return Array(text.utf8)
    }
}
