import NIOCore
package import WeirCore
import WeirProviders

/// A reply on its way: bytes as they come from the upstream, read and edited in passing. Bound to the request's loop.
package final class ReplyStream {
    private let reply: any OutboundReply
    private var decoder: StreamDecoder?
    private let deployment: Deployment
    private var meter: RequestMeter
    private var hasEnded = false

    private var beginning: Bytes?
    /// Takes our secrets out of what an upstream wrote.
    private let mask: (Bytes) -> Bytes
    private var hasGiven = false
    /// What came, while it was passed on, is an error.
    private var fault: GatewayFault?
    private var pace: StreamPace?
    /// Since when the upstream is waited for.
    private var waitingSince: UInt64 = 0

    init(
        _ reply: any OutboundReply, _ decoder: StreamDecoder?, _ deployment: Deployment, _ meter: RequestMeter,
        beginning: Bytes? = nil, mask: @escaping (Bytes) -> Bytes = { $0 }
    ) {
        self.mask = mask
        self.beginning = beginning
        self.reply = reply
        self.decoder = decoder
        self.deployment = deployment
        self.meter = meter
    }

    /// The role and other things before the first token are held back up to this size.
    private static let heldBytes = 1 << 16
    /// Nothing goes to the client yet.
    private var isHeld = false

    /// From now on it is told to this one: the attempt was one of several.
    func report(to meter: RequestMeter) { self.meter = meter }

    /// Ends the stream when it becomes slower than `pace` allows.
    func keepPace(_ pace: StreamPace) { self.pace = pace }

    /// More bytes, or the end, are here already: writing can wait for them.
    package var hasMore: Bool { hasEnded || beginning != nil || reply.hasMore }

    /// Reads to the first token, so that an upstream that fails before it has cost the client nothing and another can be
    /// tried. Throws what `next` throws.
    func holdToFirstToken() async throws(GatewayFault) {
        guard decoder != nil else { return }
        isHeld = true
        var held = Bytes()
        do throws(GatewayFault) {
            while decoder?.sawContent == false, held.readableBytes < Self.heldBytes, let piece = try await next() {
                held.writeImmutableBuffer(piece)
            }
        } catch {
            cancel()
            throw error
        }
        isHeld = false
        if held.readableBytes > 0 { beginning = held }
        if hasEnded || decoder?.isDone == true { release() }
    }

    /// The next bytes for the client; nil at the end. Throws when the upstream breaks.
    package func next() async throws(GatewayFault) -> Bytes? {
        if let beginning = beginning.take() { return beginning }
        if hasEnded { return nil }
        while let bytes = try await received() {
            if decoder == nil { return bytes }
            if let piece = try edited(bytes) { return piece }
        }
        return try ended()
    }

    /// Hands what `next` would give to `write`, in the very turn of the loop that brought it, for as long as it answers true.
    /// True when it answered false, false at the end. Throws what `next` throws.
    package func pass(to write: @escaping (Bytes) -> Bool) async throws(GatewayFault) -> Bool {
        if let beginning = beginning.take(), !write(beginning) { return true }
        if hasEnded { return false }
        if try await passReceived(to: write) { return true }
        if let rest = try ended() { _ = write(rest) }
        return false
    }

    private func passReceived(to write: @escaping (Bytes) -> Bool) async throws(GatewayFault) -> Bool {
        var goesOn = false
        if pace != nil { waitingSince = meter.elapsed }
        do throws(GatewayFault) {
            goesOn = try await reply.pass { bytes in self.pass(bytes, to: write) }
        } catch { try noteBreak(error) }
        if let fault = fault.take() { throw fault }
        return goesOn
    }

    private func pass(_ bytes: Bytes, to write: (Bytes) -> Bool) -> Bool {
        defer { if pace != nil { waitingSince = meter.elapsed } }
        if decoder == nil { return write(bytes) }
        do throws(GatewayFault) {
            return try edited(bytes).map(write) ?? true
        } catch {
            fault = error
            return false
        }
    }

    /// What goes to the client of bytes that came; nil when that is nothing yet.
    @inline(never)
    private func edited(_ bytes: Bytes) throws(GatewayFault) -> Bytes? {
        let piece = decoder?.feed(bytes)
        if meter.event.timeToFirstToken == 0, decoder?.sawContent == true { meter.firstTokenSeen() }
        if let pace, decoder?.sawContent == true, decoder?.isDone == false { try check(pace, bytes) }
        guard let piece else { return nil }
        if !hasGiven || isHeld, decoder?.sawError == true, decoder?.sawContent == false, let error = error(in: piece) {
            settle()
            throw error
        }
        hasGiven = true
        if decoder?.isDone == true { release() }
        return piece
    }

    private func check(_ pace: StreamPace, _ bytes: Bytes) throws(GatewayFault) {
        if pace.keeps(bytes, after: meter.elapsed &- waitingSince) { return }
        cancel()
        throw GatewayFault(
            .upstreamTimeout, "The upstream's stream became slower than \(pace.least) tokens a second and was given up."
        )
    }

    /// The upstream has ended: what is left for the client. Throws when the answer was not finished.
    @inline(never)
    private func ended() throws(GatewayFault) -> Bytes? {
        if hasEnded { return nil }
        hasEnded = true
        let rest = decoder?.finish()
        settle()
        if decoder?.isBroken == true {
            hasEnded = false
            decoder = nil
            throw GatewayFault(.upstreamReset, "the upstream ended its stream before the answer was finished")
        }
        release()
        return rest
    }

    /// The answer is complete. While it is held, another attempt may still follow: then nothing has been served.
    private func release() {
        settle()
        if !isHeld { meter.release() }
    }

    /// What comes from the upstream; nil at its end.
    private func received() async throws(GatewayFault) -> Bytes? {
        if pace != nil { waitingSince = meter.elapsed }
        do throws(GatewayFault) { return try await reply.next() } catch { try noteBreak(error) }
        return nil
    }

    /// The upstream has broken. Throws unless the answer is complete: then it does not matter to the client.
    @inline(never)
    private func noteBreak(_ fault: GatewayFault) throws(GatewayFault) {
        settle()
        guard decoder?.isDone == true else { throw fault }
        hasEnded = true
    }

    /// A stream that has an error before any token is no stream: the client gets the error with a status.
    private func error(in piece: Bytes) -> GatewayFault? {
        guard let (data, status) = WholeDecoder.errorEvent(in: piece) else { return nil }
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
        meter.count(usage, at: deployment)
    }
}
