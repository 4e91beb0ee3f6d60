import NIOCore
import WeirAccounting
import WeirCore
import WeirProviders
import WeirRouting

/// Tries what the plan says until a reply begins or the plan gives up. The only loop over upstreams.
struct AttemptLoop {
    /// A whole reply up to this size is held until it is complete: a break in its middle is then an error instead of a
    /// cut, and its cost is known before its head goes out.
    static let heldReplyBytes = 4 << 20
    /// An upstream's error body is read up to this size.
    static let errorBodyBytes = 1 << 20

    private let snapshot: Snapshot
    private let upstream: any Upstream
    private let meter: RequestMeter
    private let arrival: Arrival
    private let tokens: Int
    private let name: () -> String
    private let chance: () -> UInt64
    private let time: TimeSource

    init(
        _ snapshot: Snapshot, _ upstream: any Upstream, _ meter: RequestMeter, _ arrival: Arrival,
        _ request: RouteRequest, name: @escaping () -> String, chance: @escaping () -> UInt64, _ time: TimeSource
    ) {
        self.snapshot = snapshot
        self.upstream = upstream
        self.meter = meter
        self.arrival = arrival
        tokens = request.inputTokens + request.outputTokens
        self.name = name
        self.chance = chance
        self.time = time
    }

    func run(_ plan: AttemptPlan) async throws(GatewayFault) -> Reply {
        var plan = plan
        var failure: Failure?
        var last: GatewayFault?
        while true {
            switch plan.next(after: failure.take(), at: time.monotonic(), random: chance()) {
            case .wait(let nanoseconds):
                try await upstream.pause(nanoseconds, arrival.abandonment)
            case .giveUp(let reason):
                note(plan)
                throw Self.fault(reason, last)
            case .attempt(let candidate, let model):
                if let wait = await begin(candidate) {
                    plan.refused(candidate, retryAfter: wait)
                    continue
                }
                note(plan)
                let target = snapshot.deployments[candidate.deployment.index]
                do throws(GatewayFault) {
                    return try await attempt(target, model, mayGoElsewhere: plan.mayGoElsewhere)
                } catch {
                    meter.upstreamEnded()
                    if error.code == .clientLeft { throw error }
                    let kind = classify(error, target, namesModel: model != nil)
                    meter.ended(kind)
                    failure = kind
                    // As with LiteLLM, the client is told how the model failed that it asked for.
                    if last == nil || plan.fallbacks == 0 { last = hidingKey(error, target) }
                }
            }
        }
    }

    // MARK: Before and after an attempt

    /// Takes the deployment's leave for one attempt; nanoseconds to wait when its limits do not give it.
    private func begin(_ candidate: Candidate) async -> UInt64? {
        var decision = candidate.begin(tokens: tokens, at: time.monotonic())
        if case .unsure = decision { decision = await candidate.beginAsking(tokens: tokens, at: time.monotonic()) }
        guard case .begun(let ticket) = decision else {
            if case .refused(let wait) = decision { return wait }
            return 1_000_000_000
        }
        let event = meter.event
        event.deployment = candidate.deployment
        event.fault = nil
        event.usage = nil
        event.cost = nil
        event.timeToFirstToken = 0
        meter.began(candidate, ticket)
        return nil
    }

    private func note(_ plan: AttemptPlan) {
        let event = meter.event
        event.attempts = plan.attempts
        event.retries = plan.retries
        event.fallbacks = plan.fallbacks
        if let trace = plan.trace { event.decisions = trace.map(\.description).joined(separator: "; ") }
    }

    private static func fault(_ reason: AttemptPlan.GiveUp, _ last: GatewayFault?) -> GatewayFault {
        switch reason {
        case .nothingToTry(_, let fault): fault
        case .lastFailure: last ?? GatewayFault(.internalError, "The request was given up before it was tried.")
        }
    }

    private func classify(_ fault: GatewayFault, _ target: PreparedDeployment, namesModel: Bool) -> Failure {
        if fault.code == .notSupported { return Failure(.notFound) }
        let failure = FailureTable.failure(
            of: fault, vendor: target.deployment.vendor, wall: time.wall(), clientNamesModel: namesModel)
        switch failure.kind {
        // A path that this upstream does not have says nothing of those that it has.
        case .notFound where arrival.call.operation != .chatCompletions: return Failure(.badRequest)
        case .authentication where ClientCredentials.areBrought(by: arrival.call),
            .quotaExhausted where ClientCredentials.areBrought(by: arrival.call):
            return Failure(.badRequest)
        default: return failure
        }
    }

    /// A client must not take the refusal of the gateway's key for one of its own.
    private func hidingKey(_ fault: GatewayFault, _ target: PreparedDeployment) -> GatewayFault {
        guard let status = fault.upstream?.status, status == 401, !ClientCredentials.areBrought(by: arrival.call) else {
            return fault
        }
        return GatewayFault(
            .upstreamKeyRefused,
            "The provider refused the gateway's own credentials for this model. Your key is not the cause: tell the "
                + "admin of the gateway that deployment \(target.deployment.id) needs a valid api_key.",
            detail: "the upstream answered with status \(status)")
    }

    // MARK: One attempt

    private func attempt(
        _ target: PreparedDeployment, _ wildcard: String?, mayGoElsewhere: Bool
    ) async throws(GatewayFault) -> Reply {
        meter.upstreamStarted()
        if let local = target.local {
            try ClientCredentials.refuse(arrival.call, at: target)
            let created = Int(time.wall() / 1_000_000_000)
            return try await reply(local.reply(to: arrival.call, id: name(), created: created), target, mayGoElsewhere)
        }
        let request = try request(to: target, wildcard)
        let answer = try await upstream.open(request, arrival.abandonment)
        guard let memory = target.basePath, memory.choice == .unknown else {
            return try await reply(answer, target, mayGoElsewhere)
        }
        return try await discover(answer, target, wildcard, memory, mayGoElsewhere)
    }

    private func request(to target: PreparedDeployment, _ wildcard: String?) throws(GatewayFault) -> OutboundRequest {
        var request = try target.request(for: arrival.call, model: wildcard, forwarded: arrival.forwarded)
        if let wishes = arrival.wishes { Self.apply(wishes, to: &request.timeouts, streams: arrival.call.streams) }
        return request
    }

    private static func apply(_ wishes: CallWishes, to timeouts: inout UpstreamTimeouts, streams: Bool) {
        guard let wanted = streams ? wishes.streamTimeout ?? wishes.timeout : wishes.timeout else { return }
        timeouts.connect = min(timeouts.connect, wanted)
        timeouts.firstByte = wanted
        timeouts.idle = wanted
        if !streams { timeouts.total = wanted }
    }

    /// The first call to a server whose base was named without a path: where `/v1` is not found, the root is tried, and
    /// what is found is remembered.
    private func discover(
        _ answer: any OutboundReply, _ target: PreparedDeployment, _ wildcard: String?, _ memory: BasePathMemory,
        _ mayGoElsewhere: Bool
    ) async throws(GatewayFault) -> Reply {
        guard answer.head.status == 404 else {
            memory.remember(.version)
            return try await reply(answer, target, mayGoElsewhere)
        }
        let first = try await refusal(answer, target)
        memory.remember(.root)
        let again = try request(to: target, wildcard)
        let second: any OutboundReply
        do throws(GatewayFault) {
            second = try await upstream.open(again, arrival.abandonment)
        } catch {
            memory.remember(.unknown)
            throw error
        }
        guard second.head.status == 404 else { return try await reply(second, target, mayGoElsewhere) }
        second.cancel()
        memory.remember(.unknown)
        throw first
    }

    // MARK: Replies

    private func reply(
        _ answer: any OutboundReply, _ target: PreparedDeployment, _ mayGoElsewhere: Bool
    ) async throws(GatewayFault) -> Reply {
        let head = answer.head
        guard (200..<300).contains(head.status) else { throw try await refusal(answer, target) }
        if head.contentKind == .eventStream { return try await stream(answer, target, mayGoElsewhere) }
        let isReadable = head.contentKind == .json && !head.isEncoded
        if isReadable, head.contentLength ?? 0 <= Self.heldReplyBytes { return try await whole(answer, target) }
        meter.answered()
        return Reply(
            status: head.status, fields: head.fields, length: head.contentLength, isEventStream: false,
            body: .stream(ReplyStream(answer, nil, target.deployment.price, meter)))
    }

    private func stream(
        _ answer: any OutboundReply, _ target: PreparedDeployment, _ mayGoElsewhere: Bool
    ) async throws(GatewayFault) -> Reply {
        var decoder: StreamDecoder?
        if !answer.head.isEncoded {
            decoder = StreamDecoder(
                for: arrival.call.operation, clientModel: clientModel, dropsUsage: target.asksForUsage(arrival.call))
        }
        let stream = ReplyStream(answer, decoder, target.deployment.price, meter, mask: target.masked)
        if mayGoElsewhere { try await stream.holdToFirstToken() }
        meter.answered()
        return Reply(
            status: answer.head.status, fields: answer.head.fields, length: nil, isEventStream: true,
            body: .stream(stream))
    }

    private func whole(_ answer: any OutboundReply, _ target: PreparedDeployment) async throws(GatewayFault) -> Reply {
        let (body, isComplete) = try await collect(answer, limit: Self.heldReplyBytes)
        guard isComplete else {
            return Reply(
                status: answer.head.status, fields: answer.head.fields, length: nil, isEventStream: false,
                body: .stream(ReplyStream(answer, nil, target.deployment.price, meter, beginning: body)))
        }
        meter.upstreamEnded()
        guard WholeDecoder.isWhole(body) else {
            throw GatewayFault(.upstreamGarbled, "The upstream's JSON ended too early.")
        }
        if let usage = WholeDecoder.usage(in: body) {
            meter.count(usage, cost: target.deployment.price.map { CostCalculator.cost(of: usage, at: $0) })
        } else if let status = WholeDecoder.errorStatus(in: body) {
            throw Self.hidden(status, target.masked(body), answer.head.fields)
        }
        meter.release()
        let pieces = clientModel.map { WholeDecoder.renamed(body, $0) } ?? [body]
        return Reply(
            status: answer.head.status, fields: answer.head.fields, length: nil, isEventStream: false,
            body: .whole(pieces))
    }

    /// Operations whose replies name the model at their top level.
    private var clientModel: Bytes? {
        switch arrival.call.operation {
        case .chatCompletions, .completions, .embeddings: WholeDecoder.text(of: arrival.call.model)
        default: nil
        }
    }

    /// An upstream's error that came with status 200.
    static func hidden(_ status: Int, _ body: Bytes, _ fields: Bytes) -> GatewayFault {
        GatewayFault(
            .upstreamError, "the upstream answered with an error inside of status 200",
            upstream: UpstreamAnswer(status: status, fields: fields, body: body, isJSON: true))
    }

    private func refusal(
        _ answer: any OutboundReply, _ target: PreparedDeployment
    ) async throws(GatewayFault) -> GatewayFault {
        let head = answer.head
        let (body, isComplete) = try await collect(answer, limit: Self.errorBodyBytes)
        if !isComplete { answer.cancel() }
        let answer = UpstreamAnswer(
            status: head.status, fields: head.fields, body: head.isEncoded ? Bytes() : target.masked(body),
            isJSON: head.contentKind == .json)
        return GatewayFault(
            .upstreamError, "the upstream answered with status \(head.status)", upstream: answer)
    }

    /// The body as far as `limit`, and whether that is all of it.
    private func collect(
        _ answer: any OutboundReply, limit: Int
    ) async throws(GatewayFault) -> (body: Bytes, isComplete: Bool) {
        guard var body = try await answer.next() else { return (Bytes(), true) }
        if let length = answer.head.contentLength, length > body.readableBytes {
            body.reserveCapacity(minimumWritableBytes: min(length, limit) - body.readableBytes)
        }
        while body.readableBytes <= limit {
            guard var piece = try await answer.next() else { return (body, true) }
            body.writeBuffer(&piece)
        }
        return (body, false)
    }
}
