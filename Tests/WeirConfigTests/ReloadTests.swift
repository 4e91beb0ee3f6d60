import Foundation
import Testing
import WeirConfig
import WeirCore

/// When a changed configuration is read, and when it takes effect.
@Suite struct ReloadTests {
    private func reading(_ text: String) -> ConfigReading { Reading(text).result }
    private let good = "general_settings: {compat: 1.83}\n"
    private let better = "general_settings: {compat: 1.109}\n"
    private let bad = "general_settings: {compat: 7}\n"

    /// What the machine wants, in a word each.
    private func words(_ actions: [ReloadStateMachine.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .read: "read"
            case .apply(let document): "apply \(document.general.compat.rawValue)"
            case .reject(let reason): "reject \(reason)"
            }
        }
    }

    private func poll(_ machine: inout ReloadStateMachine, _ text: String) -> [String] {
        words(machine.handle(.polled(reading(text).fingerprint), at: 1))
    }

    @Test func `what did not change is not read`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        for _ in 0..<5 { #expect(poll(&machine, good) == []) }
        #expect(machine.status == ReloadStatus())
    }

    @Test func `a change is read once it holds still, and applied`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        #expect(poll(&machine, "general_set") == [])
        #expect(poll(&machine, better) == [])
        #expect(poll(&machine, better) == ["read"])
        #expect(poll(&machine, better) == [])
        #expect(words(machine.handle(.readFinished(reading(better)), at: 5)) == ["apply 1.109"])
        #expect(machine.status.successes == 0)
        #expect(words(machine.handle(.applied, at: 7)) == [])
        #expect(machine.status.successes == 1 && machine.status.lastSuccess == 7 && machine.status.failures == 0)
        #expect(poll(&machine, better) == [] && poll(&machine, better) == [])
    }

    @Test func `a bad configuration is refused once, and mending it clears the error`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        let reason = "config.yaml:1: error: `compat` must be one of `1.83`, `1.109`, not `7`"
        #expect(poll(&machine, bad) == [] && poll(&machine, bad) == ["read"])
        #expect(words(machine.handle(.readFinished(reading(bad)), at: 5)) == ["reject \(reason)"])
        #expect(machine.status.failures == 1 && machine.status.lastFailure == 5 && machine.status.lastError == reason)
        #expect(poll(&machine, bad) == [] && poll(&machine, bad) == [])
        #expect(poll(&machine, good) == [] && poll(&machine, good) == ["read"])
        #expect(words(machine.handle(.readFinished(reading(good)), at: 6)) == [])
        #expect(machine.status.lastError == nil && machine.status.failures == 1 && machine.status.successes == 0)
    }

    @Test func `a change that goes away again is not read`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        #expect(poll(&machine, bad) == [] && poll(&machine, good) == [] && poll(&machine, good) == [])
    }

    @Test func `an empty file replaces nothing`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        _ = machine.handle(.hangup, at: 1)
        let actions = machine.handle(.readFinished(reading("")), at: 2)
        #expect(words(actions) == ["reject config.yaml is empty: write the configuration again"])
    }

    @Test func `a configuration that cannot be put in force leaves the earlier one`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        #expect(words(machine.handle(.hangup, at: 1)) == ["read"])
        #expect(words(machine.handle(.readFinished(reading(better)), at: 2)) == ["apply 1.109"])
        #expect(words(machine.handle(.applyFailed("no such provider"), at: 3)) == ["reject no such provider"])
        #expect(machine.status.lastError == "no such provider" && machine.status.failures == 1)
        #expect(poll(&machine, better) == [] && poll(&machine, better) == [])
    }

    @Test func `a hangup reads at once, but the same contents change nothing`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        #expect(words(machine.handle(.hangup, at: 1)) == ["read"])
        #expect(words(machine.handle(.readFinished(reading(good)), at: 2)) == [])
        #expect(machine.status == ReloadStatus())
    }

    @Test func `a hangup while reading or applying leads to one more reading`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        _ = machine.handle(.hangup, at: 1)
        #expect(words(machine.handle(.hangup, at: 1)) == [] && words(machine.handle(.hangup, at: 1)) == [])
        #expect(words(machine.handle(.readFinished(reading(better)), at: 2)) == ["apply 1.109"])
        #expect(words(machine.handle(.applied, at: 3)) == ["read"])
        #expect(words(machine.handle(.readFinished(reading(bad)), at: 4)).count == 1)
        #expect(machine.status.successes == 1 && machine.status.failures == 1)
    }

    @Test func `reports that nobody waits for are ignored`() {
        var machine = ReloadStateMachine(inForce: reading(good))
        #expect(machine.handle(.applied, at: 1).isEmpty && machine.handle(.applyFailed("x"), at: 1).isEmpty)
        #expect(machine.handle(.readFinished(reading(bad)), at: 1).isEmpty)
        #expect(machine.status == ReloadStatus())
    }

    @Test func `files that a new configuration includes are watched from then on`() {
        let main = "include: [a.yaml]\n"
        var machine = ReloadStateMachine(inForce: reading(good))
        #expect(machine.files == ["config.yaml"])
        _ = machine.handle(.hangup, at: 1)
        _ = machine.handle(.readFinished(Reading(main).result), at: 2)
        // Refused, because the file is not there; that it appears must be noticed.
        #expect(machine.files == ["config.yaml", "a.yaml"])
        let source = MemorySource(["config.yaml": main, "a.yaml": good])
        let fingerprint = ConfigFingerprint.take(machine.files, source: source)
        #expect(machine.handle(.polled(fingerprint), at: 3).isEmpty)
        #expect(words(machine.handle(.polled(fingerprint), at: 4)) == ["read"])
    }

    @Test func `a swapped link is a change, if the text behind it is another`() throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(
            path: "weir-reload-\(ProcessInfo.processInfo.processIdentifier)")
        try? files.removeItem(at: folder)
        defer { try? files.removeItem(at: folder) }
        // As Kubernetes mounts a ConfigMap: config.yaml → ..data/config.yaml, ..data → a folder for each version.
        for (version, text) in [("one", good), ("two", good), ("three", better)] {
            try files.createDirectory(at: folder.appending(path: version), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: folder.appending(path: "\(version)/config.yaml"))
        }
        let data = folder.appending(path: "..data").path()
        let config = folder.appending(path: "config.yaml").path()
        try files.createSymbolicLink(atPath: data, withDestinationPath: "one")
        try files.createSymbolicLink(atPath: config, withDestinationPath: "..data/config.yaml")
        let first = ConfigFingerprint.take([config])
        #expect(first == ConfigReader.read(path: config, environment: [:]).fingerprint)
        try files.removeItem(atPath: data)
        try files.createSymbolicLink(atPath: data, withDestinationPath: "two")
        #expect(ConfigFingerprint.take([config]) == first)
        try files.removeItem(atPath: data)
        try files.createSymbolicLink(atPath: data, withDestinationPath: "three")
        #expect(ConfigFingerprint.take([config]) != first)
        try files.removeItem(atPath: data)
        #expect(ConfigFingerprint.take([config]) != first)
    }
}
