import Synchronization
import WeirConfig
import WeirCore
import WeirLoops
import WeirPipeline
import WeirProviders
import WeirRouting

/// Asks self-hosted servers again and again how busy they are, for the groups that are chosen from by load, and tells their
/// deployments. One question at a time for each server, however many deployments it has.
final class LoadScraper: Sendable {
    /// A larger page is not read: vLLM's have about 100 KiB.
    static let pageBytes = 2 << 20
    /// Questions at the same time.
    static let concurrency = 64

    /// Answers since the start, by what they were worth.
    struct Counts: Sendable, Equatable {
        var told: UInt64 = 0
        var silent: UInt64 = 0
        var nothingToTell: UInt64 = 0
    }

    private struct State {
        var servers: [String: LoadServer] = [:]
        var schedule = AskingSchedule()
        var paces: [String: ScrapePace] = [:]
        var counts = Counts()
    }

    private let state = Mutex(State())
    private let time: TimeSource

    init(_ time: TimeSource) { self.time = time }

    var counts: Counts { state.withLock { $0.counts } }

    /// A configuration came into force.
    func adopt(_ snapshot: Snapshot, _ document: ConfigDocument) {
        let servers = LoadServer.all(snapshot, document)
        let now = time.monotonic()
        let before = state.withLock { state in
            let before = state.servers
            state.servers = servers
            state.schedule.keepOnly(Set(servers.keys), at: now)
            state.paces = state.paces.filter { servers[$0.key] != nil }
            for (name, server) in servers where state.paces[name, default: ScrapePace()].failures == 0 {
                state.schedule.advance(name, to: now &+ server.interval)
            }
            return before
        }
        // What nobody asks about any more must not be held against a deployment for ever.
        let kept = Set(servers.values.flatMap(\.members).map(\.state.id))
        for member in before.values.flatMap(\.members) where !kept.contains(member.state.id) {
            member.state.tellResidence(.unknown)
        }
    }

    /// Asks those that are due. Only on the loop of `home`.
    func tick(_ inquirers: [OnLoop<Inquirer>], home: LoopFloor) {
        let now = time.monotonic()
        let due = state.withLock { state in
            state.schedule.begin(at: now, limit: Self.concurrency).compactMap { name in
                state.servers[name].map { (name, $0) }
            }
        }
        for (name, server) in due {
            let inquirer = inquirers[Self.place(of: name, among: inquirers.count)]
            home.start {
                let text = await inquirer.task { await Self.ask(server.question, $0) }
                self.take(text, from: name)
            }
        }
    }

    /// The same server is always asked from the same loop, over the connection that is open there.
    private static func place(of name: String, among count: Int) -> Int {
        Int(name.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) } % UInt32(max(count, 1)))
    }

    private enum Page: Sendable {
        case text([UInt8])
        case none(ScrapePace.Outcome)
    }

    private static func ask(_ question: LoadQuestion, _ inquirer: Inquirer) async -> Page {
        guard let answer = try? await inquirer.ask(question.request, limit: pageBytes) else { return .none(.silent) }
        guard answer.status == 200 else { return .none(answer.status >= 502 ? .silent : .nothingToTell) }
        return answer.isWhole ? .text(answer.bytes) : .none(.nothingToTell)
    }

    private func take(_ page: Page, from name: String) {
        let now = time.monotonic()
        // Asked again of what is in force now: a reload may have changed the deployments meanwhile.
        guard let server = state.withLock({ $0.servers[name] }) else { return }
        let outcome: ScrapePace.Outcome =
            switch page {
            case .none(let outcome): outcome
            case .text(let text): Self.tell(server, text, at: now) ? .told : .nothingToTell
            }
        if outcome != .told, server.question.kind == .loadedModels {
            for member in server.members { member.state.tellResidence(.unknown) }
        }
        var chance = SystemRandomNumberGenerator()
        let random = chance.next()
        state.withLock { state in
            let pause = state.paces[name, default: ScrapePace()].pause(
                after: outcome, interval: server.interval, random: random)
            state.schedule.end(name, next: now &+ pause)
            switch outcome {
            case .told: state.counts.told += 1
            case .silent: state.counts.silent += 1
            case .nothingToTell: state.counts.nothingToTell += 1
            }
        }
    }

    /// False when the text says nothing.
    static func tell(_ server: LoadServer, _ text: [UInt8], at now: UInt64) -> Bool {
        switch server.question.kind {
        case .metrics:
            guard let load = LoadFigures(metrics: text) else { return false }
            for member in server.members {
                member.state.tellLoad(
                    running: load.running, waiting: load.waiting, cachePercent: load.cachePercent, at: now)
            }
        case .loadedModels:
            guard let models = LoadedModels(json: text) else { return false }
            for member in server.members {
                member.state.tellResidence(models.contains(member.model) ? .loaded : .cold)
            }
        }
        return true
    }
}
