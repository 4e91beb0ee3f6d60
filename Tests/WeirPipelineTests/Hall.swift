import NIOCore
import Testing
import WeirAccess
import WeirCoordination
import WeirCore
import WeirLimits
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTestKit

/// The whole hall on a bench, with an upstream that follows a script. Bound to the test's thread.
final class Hall {
    let bench = LoopBench()
    let upstream = ScriptedUpstream()
    let events = RecordedEvents()
    let pipeline: Pipeline
    /// Called before each piece of a reply goes to the client.
    var onPiece: () -> Void = {}

    init(_ snapshot: Snapshot) {
        pipeline = Pipeline(
            snapshot, upstream: upstream, time: bench.clock.source, chance: SeededRandom(seed: 1))
        upstream.floor = bench.floor
    }

    /// A hall with one model of OpenAI's, named `gpt`.
    convenience init() throws { self.init(try Hall.snapshot([try Hall.openai()])) }

    // MARK: What is in force

    static let price = TokenPrice(
        input: Money(attodollars: 2_000_000_000_000), output: Money(attodollars: 8_000_000_000_000))

    static func openai(
        _ index: Int = 0, group: String = "gpt", model: String = "gpt-4o", price: TokenPrice? = price,
        base: String = "https://api.openai.com/v1", memory: BasePathMemory? = nil,
        longPromptPrices: [(above: Int, price: TokenPrice)] = [], traits: DeploymentTraits = DeploymentTraits()
    ) throws -> PreparedDeployment {
        var settings = ProviderSettings()
        settings.vendor = CompatibleVendors.vendor("openai")
        settings.base = BaseURL(base)
        settings.key = Secret("sk-upstream")
        let deployment = Deployment(
            index: index, id: "id-\(index)", group: group, vendor: "openai", upstreamModel: model, apiBase: base,
            price: price, longPromptPrices: longPromptPrices, traits: traits)
        return PreparedDeployment(deployment, settings, basePath: memory)
    }

    static func echo(_ index: Int = 0) -> PreparedDeployment {
        let deployment = Deployment(
            index: index, id: "echo", group: "echo", vendor: "echo", upstreamModel: "echo", apiBase: "")
        var settings = ProviderSettings()
        settings.echoes = true
        return PreparedDeployment(deployment, settings, basePath: nil)
    }

    static func snapshot(
        _ deployments: [PreparedDeployment], _ routing: RoutingSettings = Hall.routing(),
        limits: LimitsSettings = LimitsSettings(), explains: Bool = false, queue: QueueSettings? = nil,
        customers: Customers? = nil
    ) throws -> Snapshot {
        let limiters = LimiterBoard()
        return Snapshot(
            access: Access(AccessSettings(masterKey: Secret("sk-master")), customers: customers),
            limits: Limits(limits, board: limiters, wall: { 1_700_000_000_000_000_000 }),
            planner: RoutePlanner(
                deployments.map(\.deployment), routing, board: DeploymentBoard(limiters: limiters)),
            deployments: deployments, explains: explains, queue: queue)
    }

    /// What is in force when nothing of it is configured.
    static func routing(retries: Int = 0) -> RoutingSettings {
        var settings = RoutingSettings()
        settings.retries.numRetries = retries
        return settings
    }

    // MARK: The walk

    /// What a client would have got.
    final class Heard {
        var status = 0
        var fields = ""
        var text = ""
        var isEventStream = false
        var fault: GatewayFault?
    }

    /// Walks as a door does: identifies, serves, writes to the end, and says how it ended.
    func walk(
        _ call: ModelCall, key: String?, ruled: String?, customer: String?, _ wishes: CallWishes?,
        _ abandonment: Abandonment, _ heard: Heard
    ) async {
        let event = RequestEvent(
            callID: "call", route: "/v1/chat/completions", clientAddress: "192.0.2.7",
            startedAt: bench.clock.source.wall())
        let meter = RequestMeter(event, since: bench.clock.now, events, bench.clock.source)
        bench.clock.advance(milliseconds: 1)
        var streaming: ReplyStream?
        do throws(GatewayFault) {
            _ = try pipeline.identify(key.map { Credential(Bytes(string: $0)) }, meter)
            let reply = try await pipeline.serve(
                Arrival(
                    call: call, forwarded: Bytes(), ruledModel: ruled, customer: customer, wishes: wishes,
                    abandonment: abandonment), meter)
            (heard.status, heard.fields, heard.isEventStream) = (reply.status, reply.fields.text, reply.isEventStream)
            switch reply.body {
            case .whole(let pieces):
                onPiece()
                heard.text = pieces.map(\.text).joined()
            case .stream(let stream):
                streaming = stream
                while let piece = try await stream.next() {
                    onPiece()
                    meter.firstByteSent()
                    heard.text += piece.text
                }
            }
            meter.finish(.complete)
        } catch {
            streaming?.cancel()
            heard.fault = error
            meter.note(error)
            let ending: Ending = heard.text.isEmpty ? .complete : .upstreamBroke
            meter.finish(error.code == .clientLeft ? .clientLeft : ending)
        }
    }

    /// A walk that has gone as far as it could without anything new.
    func start(
        _ body: String, key: String? = "sk-master", ruled: String? = nil, customer: String? = nil, priority: Int? = nil,
        _ abandonment: Abandonment = Abandonment()
    ) throws -> (heard: Heard, outcome: Outcome<Void>) {
        let wishes = priority.map { priority in
            let wishes = CallWishes()
            wishes.priority = priority
            return wishes
        }
        let call = try SampleCall.json(body)
        let heard = Heard()
        let outcome = bench.start {
            await self.walk(call, key: key, ruled: ruled, customer: customer, wishes, abandonment, heard)
        }
        return (heard, outcome)
    }

    /// A walk to its end.
    func walk(
        _ body: String, key: String? = "sk-master", ruled: String? = nil, customer: String? = nil
    ) throws -> Heard {
        let (heard, outcome) = try start(body, key: key, ruled: ruled, customer: customer)
        try outcome.get()
        return heard
    }

    /// The one event of the one walk, when nothing else is left.
    func onlyEvent() throws -> RequestEvent {
        #expect(upstream.leftOver == 0, "a reply of the upstream was neither read to its end nor closed")
        return try #require(events.only, "\(events.started) began, \(events.ended.count) ended")
    }
}
