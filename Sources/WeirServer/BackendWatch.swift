import Logging
import Synchronization
import WeirCore
import WeirHTTP
import WeirLoops
import WeirPipeline

/// Looks after the backends for as long as the house stands: how they are, how busy they are, and when they rest. Always by
/// the configuration that is in force.
final class BackendWatch: Sendable {
    /// How often it is seen who is due, in milliseconds.
    static let tickMilliseconds: Int64 = 100

    let health: BackendHealth
    let scraper: LoadScraper
    let rests: RestCounter
    private let inquirers: [OnLoop<Inquirer>]
    /// For questions that are asked now and then.
    var inquirer: OnLoop<Inquirer> { inquirers[0] }
    private let time: TimeSource
    private let seen = Mutex<Snapshot?>(nil)
    private let isStopped = Atomic<Bool>(false)

    init(_ units: [OnLoop<LoopUnit>], time: TimeSource, logger: Logger) async {
        health = BackendHealth(time, logger)
        scraper = LoadScraper(time)
        rests = RestCounter()
        self.time = time
        var inquirers: [OnLoop<Inquirer>] = []
        for unit in units { inquirers.append(await unit.run { OnLoop(Inquirer($0.pipeline), on: $0.floor) }) }
        self.inquirers = inquirers
    }

    /// To be called every `tickMilliseconds`, on the first loop.
    func tick(_ house: Gateway) {
        guard !isStopped.load(ordering: .relaxed), let home = inquirers.first?.floor else { return }
        follow(house)
        rests.look(at: time.monotonic())
        health.tick(inquirers, home: home)
        scraper.tick(inquirers, home: home)
    }

    /// Takes over what is in force, once for each reload.
    private func follow(_ house: Gateway) {
        seen.withLock { seen in
            let before = seen
            let change = house.inForce.withLock { $0.snapshot === before ? nil : ($0.snapshot, $0.document) }
            guard let (snapshot, document) = change else { return }
            seen = snapshot
            health.adopt(snapshot, document)
            scraper.adopt(snapshot, document)
            rests.adopt(snapshot)
        }
    }

    /// How every backend is, or those of one model.
    func report(of house: Gateway, model: String?) async -> HealthReport {
        follow(house)
        return await health.report(model: model, inquirers)
    }

    /// Gives up all questions and waits until nobody is asking any more, at most about a second.
    func stop() async {
        isStopped.store(true, ordering: .relaxed)
        for inquirer in inquirers { await inquirer.run { $0.stop() } }
        for _ in 0..<100 {
            var open = 0
            for inquirer in inquirers { open += await inquirer.run { $0.openCount } }
            if open == 0 { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
