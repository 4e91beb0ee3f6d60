/// Where configuration files come from: the disk now, object stores later, a dictionary in tests.
package protocol ConfigSource: Sendable {
    /// The whole file.
    func read(_ path: String) throws(ConfigSourceError) -> [UInt8]
    /// The name of the file that `reference` means when it is written in `base`.
    func resolve(_ reference: String, from base: String) -> String
}

/// Why a configuration file could not be had.
package struct ConfigSourceError: Error, Sendable {
    /// Without the file's name, lower case: `no such file`.
    package let reason: String

    package init(reason: String) { self.reason = reason }
}

extension ConfigSource {
    /// Paths as POSIX has them: relative ones start from the folder of `base`.
    package func resolve(_ reference: String, from base: String) -> String {
        guard !reference.hasPrefix("/"), let slash = base.lastIndex(of: "/") else { return reference }
        return base[...slash] + reference
    }
}
