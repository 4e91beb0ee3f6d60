import NIOCore
import WeirCore
import WeirLoops
import WeirPipeline
import WeirRouting
import WeirWire

/// One client's connection, from its first byte to its last: head, body, route, reply, next. Bound to its loop.
final class Connection {
    private let port: Port
    private unowned let door: Door
    private let remote: SocketAddress?
    private let abandonment = Abandonment()
    private var reader: RequestReader
    private var startedAt: (monotonic: UInt64, wall: UInt64) = (0, 0)
    private var isIdle = true
    private var isStopped = false
    private var caller: Caller?
    /// The running request, as far as a probe of the client must know it.
    private var reply: ReplyWriter?
    private lazy var clientAddress = remote?.ipAddress ?? ""

    init(_ port: Port, from remote: SocketAddress?, _ door: Door) {
        self.port = port
        self.remote = remote
        self.door = door
        reader = RequestReader(port)
    }

    func run() async {
        let abandonment = abandonment
        port.whenClosed { abandonment.abandon() }
        port.whenInputClosed { [weak self] in self?.reply?.probe() }
        while !port.isClosed, !(door.isDraining && !reader.hasBytes) {
            isIdle = !reader.hasBytes
            let head = await reader.nextHead(door.settings) { begin() }
            isIdle = false
            guard case .request(let request, let bytes) = head else {
                if case .refused(let violation) = head { await refuse(violation) }
                break
            }
            guard await serve(request, bytes) else { break }
        }
        await close()
    }

    private func begin() {
        startedAt = (door.floor.time.monotonic(), door.floor.time.wall())
    }

    // MARK: Shutdown

    /// Closes a connection on which no request has begun.
    func closeIfIdle() {
        if isIdle { port.close() }
    }

    /// Breaks off the running request; its client is told.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        if isIdle || reply == nil { return port.close() }
        abandonment.abandon()
    }

    private func close() async {
        guard !port.isClosed else { return }
        port.setDeadline(door.settings.sendTimeout)
        await port.drained()
        if !port.isInputClosed {
            port.closeOutput()
            await reader.linger(.seconds(2))
        }
        port.close()
    }

    private func refuse(_ violation: HTTPViolation) async {
        let code: FaultCode = violation.status == 431 || violation.status == 414 ? .headTooLarge : .malformedRequest
        let meter = meter(for: "", method: .other)
        let writer = ReplyWriter(
            port, meter, door.settings, door.knownFields, minorVersion: 1, keepsAlive: false)
        writer.write(refusal: violation.reason, status: violation.status)
        meter.note(GatewayFault(code, violation.reason))
        meter.finish(.complete)
    }

    // MARK: One request

    /// Serves one request. False when the connection cannot go on.
    private func serve(_ head: RequestHead, _ bytes: Bytes) async -> Bool {
        let hot = !door.servesCalls ? nil : bytes.withUnsafeReadableBytes { HotRoutes.match($0, head.path) }
        let route = hot.flatMap { head.method == .post ? $0 : nil }
        let meter = meter(for: route?.name ?? "", method: head.method)
        note(head, bytes, meter)
        let writer = ReplyWriter(
            port, meter, door.settings, door.knownFields, minorVersion: head.minorVersion,
            keepsAlive: head.keepsAlive && !door.isDraining
        )
        reply = writer
        defer { reply = nil }
        if let route {
            await call(route, head, bytes, meter, writer)
        } else {
            await ask(head, bytes, meter, writer)
        }
        abandonment.onAbandon(nil)
        return writer.keepsAlive && !port.isClosed && !isStopped
    }

    private func meter(for route: String, method: HTTPMethod) -> RequestMeter {
        let id = door.pipeline.newCallID().text
        let event = RequestEvent(callID: id, route: route, clientAddress: clientAddress, startedAt: startedAt.wall)
        return RequestMeter(event, since: startedAt.monotonic, door.sink, door.floor.time)
    }

    private func note(_ head: RequestHead, _ bytes: Bytes, _ meter: RequestMeter) {
        meter.event.bytesIn = head.end + (head.contentLength ?? 0)
        if let range = head.userAgent {
            meter.event.userAgent =
                bytes.getString(at: bytes.readerIndex + range.lowerBound, length: min(range.count, 256)) ?? ""
        }
        if let range = head.callID,
            let text = bytes.getString(at: bytes.readerIndex + range.lowerBound, length: range.count),
            let given = CallID(given: text)
        {
            meter.event.callID = given.text
        }
    }

    // MARK: Model calls

    private func call(
        _ route: HotRoute, _ head: RequestHead, _ bytes: Bytes, _ meter: RequestMeter, _ writer: ReplyWriter
    ) async {
        var hasBody = false
        do throws(GatewayFault) {
            let credential = CredentialReader.credential(head, in: bytes, field: door.settings.keyField)
            try identify(credential, meter)
            let time = door.floor.time
            let body = try await reader.body(of: head, door.settings, now: time.monotonic)
            hasBody = true
            let call = try CallReader.read(
                route.operation, body, pathModel: pathModel(route, bytes), contentType: contentType(route, head, bytes))
            let arrival = Arrival(
                call: call, forwarded: ForwardedFields.copy(head, bytes, all: door.settings.forwardsClientFields),
                ruledModel: ruledModel(head, bytes), abandonment: abandonment)
            let reply = try await door.pipeline.serve(arrival, meter)
            try await writer.write(reply)
            meter.finish(port.isClosed ? .clientLeft : .complete)
        } catch {
            await fail(error, head, hasBody, meter, writer)
        }
    }

    /// A client that shows the key of its last request again is known: nothing is digested for it twice.
    private func identify(_ credential: Credential?, _ meter: RequestMeter) throws(GatewayFault) {
        let snapshot = door.pipeline.snapshot
        if let credential, let caller, caller.snapshot === snapshot, caller.key == credential.bytes {
            meter.event.principal = caller.principal
            return
        }
        let principal = try door.pipeline.identify(credential, meter)
        caller = credential.map { Caller(key: $0.bytes, principal: principal, snapshot: snapshot) }
    }

    private struct Caller {
        let key: Bytes
        let principal: Principal
        let snapshot: Snapshot
    }

    private func fail(
        _ fault: GatewayFault, _ head: RequestHead, _ hasBody: Bool, _ meter: RequestMeter, _ writer: ReplyWriter
    ) async {
        if port.isClosed || fault.code == .clientLeft && !isStopped {
            meter.note(GatewayFault(.clientLeft, ""))
            if meter.event.status == 0 { meter.event.status = 499 }
            writer.keepsAlive = false
            port.close()
            return meter.finish(.clientLeft)
        }
        let fault =
            isStopped
            ? GatewayFault(.shuttingDown, "The gateway is shutting down; send the request again.") : fault
        meter.note(fault)
        if writer.hasBegun {
            writer.endBroken(fault)
            return meter.finish(.upstreamBroke)
        }
        if !hasBody, await !reader.skipBody(of: head, door.settings) { writer.keepsAlive = false }
        if isStopped { writer.keepsAlive = false }
        writer.write(fault)
        meter.finish(.complete)
    }

    private func pathModel(_ route: HotRoute, _ bytes: Bytes) -> String? {
        route.model.flatMap { bytes.getSlice(at: bytes.readerIndex + $0.lowerBound, length: $0.count) }
            .map { PercentText.decoded($0) }
    }

    private func contentType(_ route: HotRoute, _ head: RequestHead, _ bytes: Bytes) -> String? {
        guard route.operation.isMultipart, let range = head.contentType else { return nil }
        return bytes.getString(at: bytes.readerIndex + range.lowerBound, length: range.count)
    }

    /// The model of the first header rule that the request meets.
    private func ruledModel(_ head: RequestHead, _ bytes: Bytes) -> String? {
        let rules = door.pipeline.snapshot.planner.headerRules
        if rules.isEmpty { return nil }
        return bytes.withUnsafeReadableBytes { raw in
            rules.first { rule in
                guard let value = CredentialReader.value(of: rule.header, head, raw) else { return false }
                return rule.value.map { raw[value].elementsEqual($0.utf8) } ?? true
            }?.model
        }
    }

    // MARK: Everything else

    private func ask(_ head: RequestHead, _ bytes: Bytes, _ meter: RequestMeter, _ writer: ReplyWriter) async {
        var hasBody = false
        do throws(GatewayFault) {
            let credential = CredentialReader.credential(head, in: bytes, field: door.settings.keyField)
            let access = Result { () throws(GatewayFault) in try door.pipeline.identify(credential, meter) }
            let body = try await reader.body(of: head, door.settings, now: door.floor.time.monotonic)
            hasBody = true
            try await door.responder.respond(
                FrameworkQuestion(
                    head: head, bytes: bytes, body: body, access: access, hasCredential: credential != nil,
                    callID: meter.event.callID),
                meter, writer)
            meter.finish(port.isClosed ? .clientLeft : .complete)
        } catch {
            await fail(error, head, hasBody, meter, writer)
        }
    }
}
