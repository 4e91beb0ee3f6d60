import Glibc
import WeirStorage

/// The file of a database and the folders above it.
enum SQLiteFile {
    /// Makes what is missing, for its owner's eyes only; SQLite gives the mode of the file to the files beside it.
    static func prepare(_ path: String) throws(SQLFault) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .unavailable("The path of the database is empty or holds a zero byte.")
        }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolder(String(path[..<slash])) }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .unavailable("The database file \(path) cannot be written: \(reason(errno)).")
        }
        close(file)
    }

    private static func makeFolder(_ path: String) throws(SQLFault) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let first = errno
        if first == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw .unavailable("The folder \(path) of the database cannot be made: \(reason(errno)).")
    }

    static func reason(_ code: Int32) -> String {
        // The text of the C library is constant for codes that it knows, and errno's always are.
        return String(cString: strerror(code))
    }
}

/// A folder that goes when the value goes.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws(SQLFault) {
        var template = Array("/tmp/weir-XXXXXX".utf8CString)
        // mkdtemp writes within the template, whose zero byte ends it.
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw .unavailable("No folder can be made in /tmp: \(SQLiteFile.reason(errno)).") }
        path = made
    }

    deinit {
        for name in ["weir.db", "weir.db-wal", "weir.db-shm"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
