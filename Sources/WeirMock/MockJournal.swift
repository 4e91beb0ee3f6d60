import NIOCore
import Synchronization
import WeirWire

/// What a mock upstream has seen.
package struct MockJournal: Sendable, Equatable {
    /// One scenario's part.
    package struct Entry: Sendable, Equatable {
        /// Requests whose body was complete.
        package internal(set) var requests = 0
        /// Requests that are being answered now.
        package internal(set) var running = 0
        /// Connections that are open now and whose latest request was of this scenario.
        package internal(set) var connections = 0
        /// Replies that the client did not wait for to their end.
        package internal(set) var aborted = 0
        /// The latest request, each part cut at 64 KiB; what is not UTF-8 is replaced.
        package internal(set) var head = ""
        package internal(set) var body = ""
    }

    /// By the scenario's name.
    package internal(set) var entries: [String: Entry] = [:]
    /// Connections that are open now.
    package internal(set) var connections = 0
    /// Connections that were accepted.
    package internal(set) var accepted = 0
    /// Connections that ended because their client sent something that is not HTTP.
    package internal(set) var violations = 0

    package subscript(scenario: MockScenario) -> Entry { entries[scenario.rawValue] ?? Entry() }

    /// Requests that are being answered now.
    package var running: Int { entries.values.reduce(0) { $0 + $1.running } }

    /// Forgets what was counted; what is open goes on being counted.
    mutating func reset() {
        accepted = 0
        violations = 0
        for (name, entry) in entries {
            var kept = Entry()
            kept.running = entry.running
            kept.connections = entry.connections
            entries[name] = kept.running + kept.connections > 0 ? kept : nil
        }
    }

    /// As JSON: `{"connections", "accepted", "running", "violations", "scenarios": {NAME: {…}}}`.
    var json: ByteBuffer {
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        json.member("connections", int: connections)
        json.member("accepted", int: accepted)
        json.member("running", int: running)
        json.member("violations", int: violations)
        json.key("scenarios")
        json.beginObject()
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            json.key(name)
            json.beginObject()
            json.member("requests", int: entry.requests)
            json.member("running", int: entry.running)
            json.member("connections", int: entry.connections)
            json.member("aborted", int: entry.aborted)
            json.member("head", entry.head)
            json.member("body", entry.body)
            json.endObject()
        }
        json.endObject()
        json.endObject()
        return json.buffer
    }
}

/// The journal that all loops write in.
final class MockRecorder: Sendable {
    private static let keptBytes = 65_536
    private let journal = Mutex(MockJournal())

    var current: MockJournal { journal.withLock { $0 } }

    func reset() { journal.withLock { $0.reset() } }

    func opened() {
        journal.withLock {
            $0.connections += 1
            $0.accepted += 1
        }
    }

    func closed(_ latest: MockScenario?) {
        journal.withLock {
            $0.connections -= 1
            if let latest { $0.entries[latest.rawValue, default: .init()].connections -= 1 }
        }
    }

    func violated() { journal.withLock { $0.violations += 1 } }

    func began(_ request: MockRequest, after latest: MockScenario?) {
        let body = request.body.getSlice(
            at: request.body.readerIndex, length: min(request.body.readableBytes, Self.keptBytes))
        let bodyText = body.map { String(buffer: $0) } ?? ""
        journal.withLock {
            if let latest { $0.entries[latest.rawValue, default: .init()].connections -= 1 }
            var entry = $0.entries[request.choice.scenario.rawValue] ?? .init()
            entry.requests += 1
            entry.running += 1
            entry.connections += 1
            entry.head = request.headText
            entry.body = bodyText
            $0.entries[request.choice.scenario.rawValue] = entry
        }
    }

    func ended(_ scenario: MockScenario, aborted: Bool) {
        journal.withLock {
            $0.entries[scenario.rawValue, default: .init()].running -= 1
            if aborted { $0.entries[scenario.rawValue, default: .init()].aborted += 1 }
        }
    }
}
