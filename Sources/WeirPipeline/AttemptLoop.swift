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
    private let name: () -> String
    private let time: TimeSource

    init(
        _ snapshot: Snapshot, _ upstream: any Upstream, _ meter: RequestMeter, _ arrival: Arrival,
        name: @escaping () -> String, _ time: TimeSource
    ) {
        self.snapshot = snapshot
        self.upstream = upstream
        self.meter = meter
        self.arrival = arrival
        self.name = name
        self.time = time
    }

    func run(_ plan: AttemptPlan) async throws(GatewayFault) -> Reply {
        var plan = plan
        var fault: GatewayFault?
        while true {
            switch plan.next(after: fault) {
            case .giveUp(let fault): throw fault
            case .attempt(let deployment, let wildcard):
                meter.event.deployment = deployment
                meter.event.attempts = plan.attempts
                do throws(GatewayFault) {
                    return try await attempt(snapshot.deployments[deployment.index], wildcard)
                } catch {
                    meter.upstreamEnded()
                    fault = error
                }
            }
        }
    }

    private func attempt(_ target: PreparedDeployment, _ wildcard: String?) async throws(GatewayFault) -> Reply {
        meter.upstreamStarted()
        if let local = target.local {
            try ClientCredentials.refuse(arrival.call, at: target)
            let created = Int(time.wall() / 1_000_000_000)
            return try await reply(local.reply(to: arrival.call, id: name(), created: created), target)
        }
        let request = try target.request(for: arrival.call, model: wildcard, forwarded: arrival.forwarded)
        let answer = try await upstream.open(request, arrival.abandonment)
        guard let memory = target.basePath, memory.choice == .unknown else { return try await reply(answer, target) }
        return try await discover(answer, request, target, wildcard, memory)
    }

    /// The first call to a server whose base was named without a path: where `/v1` is not found, the root is tried, and
    /// what is found is remembered.
    private func discover(
        _ answer: any OutboundReply, _ request: OutboundRequest, _ target: PreparedDeployment, _ wildcard: String?,
        _ memory: BasePathMemory
    ) async throws(GatewayFault) -> Reply {
        guard answer.head.status == 404 else {
            memory.remember(.version)
            return try await reply(answer, target)
        }
        let first = try await refusal(answer, target)
        memory.remember(.root)
        let again = try target.request(for: arrival.call, model: wildcard, forwarded: arrival.forwarded)
        let second: any OutboundReply
        do throws(GatewayFault) {
            second = try await upstream.open(again, arrival.abandonment)
        } catch {
            memory.remember(.unknown)
            throw error
        }
        guard second.head.status == 404 else { return try await reply(second, target) }
        second.cancel()
        memory.remember(.unknown)
        throw first
    }

    // MARK: Replies

    private func reply(_ answer: any OutboundReply, _ target: PreparedDeployment) async throws(GatewayFault) -> Reply {
        let head = answer.head
        guard (200..<300).contains(head.status) else { throw try await refusal(answer, target) }
        if head.contentKind == .eventStream { return try await stream(answer, target) }
        let isReadable = head.contentKind == .json && !head.isEncoded
        if isReadable, head.contentLength ?? 0 <= Self.heldReplyBytes { return try await whole(answer, target) }
        return Reply(
            status: head.status, fields: head.fields, length: head.contentLength, isEventStream: false,
            body: .stream(ReplyStream(answer, nil, target.deployment.price, meter)))
    }

    private func stream(_ answer: any OutboundReply, _ target: PreparedDeployment) async throws(GatewayFault) -> Reply {
        var decoder: StreamDecoder?
        if !answer.head.isEncoded {
            decoder = StreamDecoder(
                for: arrival.call.operation, clientModel: clientModel, dropsUsage: target.asksForUsage(arrival.call))
        }
        let stream = ReplyStream(answer, decoder, target.deployment.price, meter, mask: target.masked)
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
