import Foundation

/// Configuration files on this machine's disk.
package struct FileSource: ConfigSource {
    /// The largest file that is read: a configuration of a thousand models has less than a megabyte.
    package static let sizeLimit = 16 * 1_048_576

    package init() {}

    package func read(_ path: String) throws(ConfigSourceError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ConfigSourceError(reason: reasonWithout(path))
        }
        defer { try? handle.close() }
        do {
            let data = try handle.read(upToCount: FileSource.sizeLimit + 1) ?? Data()
            if data.count > FileSource.sizeLimit {
                throw ConfigSourceError(reason: "it is larger than \(FileSource.sizeLimit / 1_048_576) MB")
            }
            return [UInt8](data)
        } catch let error as ConfigSourceError {
            throw error
        } catch {
            throw ConfigSourceError(reason: reasonWithout(path))
        }
    }

    private func reasonWithout(_ path: String) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return "no such file; check the path, and that the file is mounted"
        }
        return isDirectory.boolValue
            ? "it is a directory; name the file in it" : "it may not be read; check its owner and mode"
    }
}
