import NIOCore
import WeirCore
import WeirProviders

/// What becomes of an upstream's answer: a stream, a whole reply, or a fault.
extension AttemptLoop {
    /// A whole reply up to this size is held until it is complete: a break in its middle is then an error instead of a
    /// cut, and its cost is known before its head goes out.
    static let heldReplyBytes = 4 << 20
    /// An upstream's error body is read up to this size.
    static let errorBodyBytes = 1 << 20

    func reply(_ answer: any OutboundReply, _ target: PreparedDeployment) async throws(GatewayFault) -> Reply {
        guard (200..<300).contains(answer.head.status) else { throw try await refusal(answer, target) }
        if Self.isHeld(answer.head) { return try await whole(answer, target) }
        let stream = stream(answer, target)
        if mayGoElsewhere, answer.head.contentKind == .eventStream { try await stream.holdToFirstToken() }
        meter.answered()
        return Self.streamed(answer.head, stream)
    }

    private static func isHeld(_ head: ReplyHead) -> Bool {
        head.contentKind == .json && !head.isEncoded && head.contentLength ?? 0 <= heldReplyBytes
    }

    private static func streamed(_ head: ReplyHead, _ stream: ReplyStream) -> Reply {
        let isEventStream = head.contentKind == .eventStream
        return Reply(
            status: head.status, fields: head.fields, length: isEventStream ? nil : head.contentLength,
            isEventStream: isEventStream, body: .stream(stream))
    }

    @inline(never)
    private func stream(_ answer: any OutboundReply, _ target: PreparedDeployment) -> ReplyStream {
        guard answer.head.contentKind == .eventStream, !answer.head.isEncoded else {
            return ReplyStream(answer, nil, target.deployment, meter, mask: target.masked)
        }
        let decoder = StreamDecoder(
            for: arrival.call.operation, clientModel: clientModel, dropsUsage: target.asksForUsage(arrival.call))
        let stream = ReplyStream(answer, decoder, target.deployment, meter, mask: target.masked)
        if let least = target.deployment.traits.slowestStream { stream.keepPace(StreamPace(least: least)) }
        return stream
    }

    private func whole(_ answer: any OutboundReply, _ target: PreparedDeployment) async throws(GatewayFault) -> Reply {
        let (body, isComplete) = try await collect(answer, limit: Self.heldReplyBytes)
        return try whole(body, isComplete, answer, target)
    }

    @inline(never)
    private func whole(
        _ body: Bytes, _ isComplete: Bool, _ answer: any OutboundReply, _ target: PreparedDeployment
    ) throws(GatewayFault) -> Reply {
        guard isComplete else {
            return Reply(
                status: answer.head.status, fields: answer.head.fields, length: nil, isEventStream: false,
                body: .stream(ReplyStream(answer, nil, target.deployment, meter, beginning: body)))
        }
        meter.upstreamEnded()
        guard WholeDecoder.isWhole(body) else {
            throw GatewayFault(.upstreamGarbled, "The upstream's JSON ended too early.")
        }
        if let usage = WholeDecoder.usage(in: body) {
            meter.count(usage, at: target.deployment)
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

    @inline(never)
    func refusal(
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
