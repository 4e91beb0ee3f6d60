/// What was in a set of files at one moment, so that a change is noticed. Only contents count: a ConfigMap whose link is swapped to
/// the same text is not a change, and a swap to another text is one although the link's own times may not tell.
package struct ConfigFingerprint: Sendable, Equatable {
    private struct Content: Sendable, Equatable {
        let size: Int
        let digest: Int
    }

    /// The files in the order in which they were added.
    package private(set) var files: [String] = []
    private var contents: [String: Content] = [:]

    package init() {}

    /// Reads every file. One that cannot be read counts as absent, which is different from empty.
    package static func take(_ files: [String], source: any ConfigSource = FileSource()) -> ConfigFingerprint {
        var fingerprint = ConfigFingerprint()
        for file in files { fingerprint.add(file, try? source.read(file)) }
        return fingerprint
    }

    /// The file is there, with nothing in it.
    package func isEmpty(_ file: String) -> Bool { contents[file]?.size == 0 }

    /// Adds a file with its bytes; nil when it could not be read. A file that was added before is replaced.
    package mutating func add(_ file: String, _ bytes: [UInt8]?) {
        if !files.contains(file) { files.append(file) }
        guard let bytes else {
            contents[file] = nil
            return
        }
        // Seeded anew in each process: nobody can prepare two texts that look the same.
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        contents[file] = Content(size: bytes.count, digest: hasher.finalize())
    }
}
