import Foundation
import Testing
import WeirStorage
import WeirTestKit

@testable import WeirDrivers

/// What is SQLite's own: the file, and other processes at it.
@Suite final class SQLiteDatabaseTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "weir-sqlite-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func opening(_ path: String) -> String? {
        do throws(SQLFault) {
            _ = try SQLiteDatabase(path: path)
            return nil
        } catch {
            guard case .unavailable(let sentence) = error else { return "\(error)" }
            return sentence
        }
    }

    @Test func `missing folders and the file are made for their owner alone`() async throws {
        let database = try SQLiteDatabase(path: path("one/two/weir.db"))
        try await database.change("CREATE TABLE t (a BIGINT)")
        #expect(try mode(path("one")) == 0o700)
        #expect(try mode(path("one/two")) == 0o700)
        #expect(try mode(path("one/two/weir.db")) == 0o600)
        #expect(try mode(path("one/two/weir.db-wal")) == 0o600)
        await database.close()
    }

    @Test func `what was written is there after opening again`() async throws {
        let first = try SQLiteDatabase(path: path("weir.db"))
        try await first.change("CREATE TABLE t (a BIGINT)")
        try await first.change("INSERT INTO t VALUES (7)")
        await first.close()
        let second = try SQLiteDatabase(path: path("weir.db"))
        #expect(try await second.rows("SELECT a FROM t") == [[.int(7)]])
        await second.close()
    }

    @Test func `a file that is no database is named as such and left as it is`() throws {
        let text = String(repeating: "These are my notes. ", count: 100)
        try text.write(toFile: path("notes.txt"), atomically: true, encoding: .utf8)
        let name = path("notes.txt")
        #expect(opening(name) == "\(name) is a file, but no SQLite database; choose another path.")
        #expect(try String(contentsOfFile: name, encoding: .utf8) == text)
    }

    @Test func `a folder that cannot be made is named with the reason`() throws {
        try "x".write(toFile: path("file"), atomically: true, encoding: .utf8)
        let below = path("file/deeper")
        #expect(opening("\(below)/weir.db") == "The folder \(below) of the database cannot be made: Not a directory.")
        #expect(opening(folder.path) == "The database file \(folder.path) cannot be written: Is a directory.")
        #expect(opening("") == "The path of the database is empty or holds a zero byte.")
    }

    @Test func `a temporary database leaves no files`() async throws {
        var database: SQLiteDatabase? = try SQLiteDatabase.temporary()
        let files = try await database?.rows("SELECT file FROM pragma_database_list WHERE name = 'main'")
        guard case .text(let file) = files?.first?.first else {
            Issue.record("no file")
            return
        }
        #expect(FileManager.default.fileExists(atPath: file))
        await database?.close()
        database = nil
        #expect(!FileManager.default.fileExists(atPath: (file as NSString).deletingLastPathComponent))
    }

    @Test func `settings are in force`() async throws {
        let database = try SQLiteDatabase.temporary()
        let values = try await database.write { session in
            try ["foreign_keys", "journal_mode", "synchronous", "busy_timeout"].flatMap {
                try session.query("PRAGMA \($0)").map(\.values)
            }
        }
        #expect(values == [[.int(1)], [.text("wal")], [.int(1)], [.int(5000)]])
        await database.close()
    }

    @Test func `a writer waits for another process, tries again and then gives up`() async throws {
        let one = try SQLiteDatabase(path: path("weir.db"), busyMilliseconds: 20)
        let other = try SQLiteDatabase(path: path("weir.db"), busyMilliseconds: 20)
        try await one.change("CREATE TABLE t (a BIGINT)")
        let locked = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        async let held: Int = other.write { session in
            locked.signal()
            release.wait()
            return try session.execute("INSERT INTO t VALUES (1)")
        }
        await withCheckedContinuation { done in
            DispatchQueue(label: "look").async {
                locked.wait()
                done.resume()
            }
        }
        let found = await fault { try await one.change("INSERT INTO t VALUES (2)") }
        #expect(found == .unavailable("Another process holds the database: database is locked."))
        // Exclusive work waits longer, so the lock is free before it gives up.
        async let patient: Int = one.exclusively { session in try session.execute("INSERT INTO t VALUES (3)") }
        release.signal()
        #expect(try await held == 1)
        #expect(try await patient == 1)
        #expect(try await one.rows("SELECT a FROM t ORDER BY a") == [[.int(1)], [.int(3)]])
        await one.close()
        await other.close()
    }
}
