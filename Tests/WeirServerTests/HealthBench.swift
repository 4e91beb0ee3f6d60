import Logging
import NIOCore
import Testing
import WeirConfig
import WeirCore
import WeirHTTP
import WeirLoops
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTestKit
import WeirTransport

@testable import WeirServer

/// What looks after backends, on a bench, with an upstream that follows a script. Bound to the test's thread.
final class HealthBench {
    let bench = LoopBench()
    let upstream = ScriptedUpstream()
    let shared: SharedRooms
    let health: BackendHealth
    let scraper: LoadScraper
    let lines = LogLines()
    private(set) var snapshot: Snapshot
    private(set) var document: ConfigDocument
    private let builder: SnapshotBuilder
    private let inquirer: Inquirer
    private let inquirers: [OnLoop<Inquirer>]

    init(_ configuration: String) throws {
        let time = bench.clock.source
        let lines = lines
        let logger = Logger(label: "test") { _ in lines.handler }
        document = try Self.read(configuration)
        shared = try SharedRooms(document, time: time, logger: logger)
        builder = SnapshotBuilder(TLSIdentities(), [:], shared, time: time)
        snapshot = builder.build(document, ids: SnapshotBuilder.ids(document))
        inquirer = Inquirer(
            Pipeline(snapshot, upstream: upstream, time: time, chance: SeededRandom(seed: 1)))
        inquirers = [OnLoop(inquirer, on: bench.floor)]
        health = BackendHealth(time, logger)
        scraper = LoadScraper(time)
        adopt()
    }

    private static func read(_ text: String) throws -> ConfigDocument {
        let reading = ConfigReader.read(
            path: "config.yaml", source: MemorySource(["config.yaml": text]), environment: [:], strict: false)
        return try #require(reading.document, "\(reading.errors)")
    }

    private func adopt() {
        health.adopt(snapshot, document)
        scraper.adopt(snapshot, document)
    }

    /// Another configuration comes into force.
    func reload(_ configuration: String) throws {
        document = try Self.read(configuration)
        snapshot = builder.build(document, ids: SnapshotBuilder.ids(document))
        adopt()
    }

    /// Looks at those that are due, and runs what follows as far as it comes.
    func tick() {
        health.tick(inquirers, home: bench.floor)
        scraper.tick(inquirers, home: bench.floor)
        bench.run()
    }

    func tick(after seconds: UInt64) {
        bench.clock.advance(milliseconds: seconds * 1000)
        tick()
    }

    func report(model: String? = nil) throws -> HealthReport {
        let (health, inquirers) = (health, inquirers)
        return try bench.finish { await health.report(model: model, inquirers) }
    }

    func start(model: String? = nil) -> Outcome<HealthReport> {
        let (health, inquirers) = (health, inquirers)
        return bench.start { await health.report(model: model, inquirers) }
    }

    func stop() {
        inquirer.stop()
        bench.run()
    }

    func state(_ place: Int = 0) throws -> DeploymentState {
        try #require(snapshot.planner.candidate(of: snapshot.deployments[place].deployment)).state
    }

    static func bytes(_ text: String) -> Bytes { Bytes(string: text) }

    /// The first lines of the requests that were sent.
    var asked: [String] { upstream.texts.map { String($0.prefix { !$0.isNewline }) } }
}
