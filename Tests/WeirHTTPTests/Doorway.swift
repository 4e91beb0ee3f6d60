import Logging
import NIOCore
import Testing
import WeirAccess
import WeirCoordination
import WeirCore
import WeirHTTP
import WeirLimits
import WeirLoops
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTestKit

/// A door on a bench: clients in memory in front of it, a scripted upstream behind it. Bound to the test's thread.
final class Doorway {
    let bench = LoopBench()
    let upstream = ScriptedUpstream()
    let events = RecordedEvents()
    let door: Door
    static let key = "sk-master"

    /// What a door leads to.
    enum Routes { case all, probes, metrics }

    /// - Parameters:
    ///   - isOpen: nobody is asked for a key.
    ///   - customers: those for whom requests are sent; nobody is asked for them without.
    ///   - change: sets what the configuration would say of the door.
    init(
        compat: Compat = .v1_109, isOpen: Bool = false, house: (any House)? = nil, routing: RoutingSettings = .init(),
        limits: LimitsSettings = .init(), routes: Routes = .all, customers: Customers? = nil,
        _ change: (inout DoorSettings) -> Void = { _ in }
    ) throws {
        var settings = DoorSettings()
        settings.compat = compat
        settings.version = "1.2.3"
        change(&settings)
        let target = try Self.target()
        let access = AccessSettings(
            masterKey: isOpen ? nil : Secret(Self.key),
            tokens: isOpen ? [] : [.init(name: "team", secret: Secret("sk-team"))], compat: compat)
        let limiters = LimiterBoard()
        var routing = routing
        routing.retries.numRetries = 0
        let snapshot = Snapshot(
            access: Access(access, customers: customers),
            limits: Limits(limits, board: limiters, wall: { 1_700_000_000_000_000_000 }),
            planner: RoutePlanner([target.deployment], routing, board: DeploymentBoard(limiters: limiters)),
            deployments: [target])
        let pipeline = Pipeline(
            snapshot, upstream: upstream, time: bench.clock.source, chance: SeededRandom(seed: 9))
        let house = house ?? QuietHouse(compat: compat)
        let table =
            switch routes {
            case .all: RouteTable(house)
            case .probes: RouteTable(healthOf: house)
            case .metrics: RouteTable(metricsOf: house)
            }
        let responder = table.responder(logger: Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() }))
        door = Door(on: bench.floor, pipeline, events, responder, settings, servesCalls: routes == .all)
    }

    private static func target() throws -> PreparedDeployment {
        var settings = ProviderSettings()
        settings.vendor = CompatibleVendors.vendor("openai")
        settings.base = BaseURL("https://api.openai.com/v1")
        settings.key = Secret("sk-upstream")
        let price = TokenPrice(input: Money(attodollars: 2_000_000_000_000), output: .zero)
        let deployment = Deployment(
            index: 0, id: "id-0", group: "gpt", vendor: "openai", upstreamModel: "gpt-4o",
            apiBase: "https://api.openai.com/v1", price: price)
        return PreparedDeployment(deployment, settings, basePath: nil)
    }

    // MARK: Clients

    func client() throws -> MemoryClient { try MemoryClient(on: bench) { door.accept($0, from: $1) } }

    /// All replies to what one client sends at once.
    func replies(to text: String, heads: Set<Int> = []) throws -> [HeardReply] {
        let client = try client()
        try client.send(text)
        return client.replies(heads: heads)
    }

    /// The one reply to what a client sends.
    func reply(to text: String) throws -> HeardReply {
        let replies = try replies(to: text)
        try #require(replies.count == 1, "\(replies.count) replies")
        return replies[0]
    }

    /// What a door does with a chat whose upstream answers so.
    func chat(_ answer: ScriptedUpstream.Answer, _ body: String = Say.chat, fields: String = "") throws -> HeardReply {
        upstream.answer(answer)
        return try reply(to: Say.post(body, fields: fields))
    }

    /// The event of the only request.
    func onlyEvent() throws -> RequestEvent {
        #expect(upstream.leftOver == 0, "a reply of the upstream was neither read to its end nor closed")
        return try #require(events.only, "\(events.started) began, \(events.ended.count) ended")
    }
}
