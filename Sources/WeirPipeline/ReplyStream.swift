import WeirAccounting
package import WeirCore
import WeirProviders

/// A reply on its way: bytes as they come from the upstream, read and edited in passing. Bound to the request's loop.
package final class ReplyStream {
    private let reply: any OutboundReply
    private var decoder: StreamDecoder?
    private let price: TokenPrice?
    private let meter: RequestMeter
    private var hasEnded = false

    private var beginning: Bytes?
    /// Takes our secrets out of what an upstream wrote.
    private let mask: (Bytes) -> Bytes
    private var hasGiven = false

    init(
        _ reply: any OutboundReply, _ decoder: StreamDecoder?, _ price: TokenPrice?, _ meter: RequestMeter,
        beginning: Bytes? = nil, mask: @escaping (Bytes) -> Bytes = { $0 }
    ) {
        self.mask = mask
        self.beginning = beginning
        self.reply = reply
        self.decoder = decoder
        self.price = price
        self.meter = meter
    }

    /// More bytes, or the end, are here already: writing can wait for them.
    package var hasMore: Bool { hasEnded || reply.hasMore }

    /// The next bytes for the client; nil at the end. Throws when the upstream breaks.
    package func next() async throws(GatewayFault) -> Bytes? {
        if hasEnded { return nil }
        if let beginning = beginning.take() { return beginning }
        do throws(GatewayFault) {
            while let bytes = try await reply.next() {
                guard decoder != nil else { return bytes }
                let piece = decoder?.feed(bytes)
                if meter.event.timeToFirstToken == 0, decoder?.sawContent == true { meter.firstTokenSeen() }
                guard let piece else { continue }
                if !hasGiven, decoder?.sawError == true, decoder?.sawContent == false, let error = firstError(in: piece)
                {
                    throw error
                }
                hasGiven = true
                return piece
            }
        } catch {
            settle()
            // The answer is complete: how its connection ended does not matter to the client.
            if decoder?.isDone == true {
                hasEnded = true
                return nil
            }
            throw error
        }
        hasEnded = true
        let rest = decoder?.finish()
        settle()
        if decoder?.isBroken == true {
            hasEnded = false
            decoder = nil
            throw GatewayFault(.upstreamReset, "the upstream ended its stream before the answer was finished")
        }
        return rest
    }

    /// A stream that begins with an error is no stream: the client gets the error with a status.
    private func firstError(in piece: Bytes) -> GatewayFault? {
        guard let data = WholeDecoder.firstData(of: piece), let status = WholeDecoder.errorStatus(in: data) else {
            return nil
        }
        return AttemptLoop.hidden(status, mask(data), reply.head.fields)
    }

    /// Closes the upstream's side.
    package func cancel() {
        reply.cancel()
        settle()
    }

    private func settle() {
        meter.upstreamEnded()
        if decoder?.sawError == true { meter.event.fault = .upstreamError }
        guard meter.event.usage == nil, let usage = decoder?.usage else { return }
        meter.count(usage, cost: price.map { CostCalculator.cost(of: usage, at: $0) })
    }
}
