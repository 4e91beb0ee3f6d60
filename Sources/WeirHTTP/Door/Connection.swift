import NIOCore
import WeirAccess
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
            guard let request = await nextRequest(), await serve(request) else { break }
        }
        await close()
    }

    /// The next request; nil when there is none, or what came was none and has been refused.
    private func nextRequest() async -> ScannedRequest? {
        isIdle = !reader.hasBytes
        let head = await reader.nextHead(door.rules) { begin() }
        isIdle = false
        switch head {
        case .request(let request): return request
        case .ended: return nil
        case .refused(let violation):
            refuse(violation)
            return nil
        }
    }

    private func begin() {
        isIdle = false
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
        port.setDeadline(door.rules.settings.sendTimeout)
        await port.drained()
        if !port.isInputClosed {
            port.closeOutput()
            await reader.linger(.seconds(2))
        }
        port.close()
    }

    private func refuse(_ violation: HTTPViolation) {
        let code: FaultCode = violation.status == 431 || violation.status == 414 ? .headTooLarge : .malformedRequest
        let meter = meter(for: "", method: .other)
        let writer = ReplyWriter(
            port, meter, door.rules, minorVersion: 1, isHead: false, keepsAlive: false)
        writer.write(refusal: violation.reason, status: violation.status)
        meter.note(GatewayFault(code, violation.reason))
        meter.finish(.complete)
    }

    // MARK: One request

    /// Serves one request. False when the connection cannot go on.
    private func serve(_ request: ScannedRequest) async -> Bool {
        let route = route(of: request)
        let meter = meter(for: route?.name ?? "", method: request.head.method)
        note(request, meter)
        let writer = ReplyWriter(
            port, meter, door.rules, minorVersion: request.head.minorVersion, isHead: request.head.method == .head,
            keepsAlive: request.head.keepsAlive && !door.isDraining)
        reply = writer
        if let route {
            await call(route, request, meter, writer)
        } else {
            await ask(request, meter, writer)
        }
        reply = nil
        abandonment.onAbandon(nil)
        await writer.settle()
        return writer.keepsAlive && !port.isClosed && !isStopped
    }

    /// The model call that this is; nil for everything else.
    private func route(of request: ScannedRequest) -> HotRoute? {
        guard door.servesCalls, request.head.method == .post else { return nil }
        return request.bytes.withUnsafeReadableBytes { HotRoutes.match($0, request.head.path) }
    }

    @inline(never)
    private func meter(for route: String, method: HTTPMethod) -> RequestMeter {
        let id = door.pipeline.newCallID().text
        let event = RequestEvent(callID: id, route: route, clientAddress: clientAddress, startedAt: startedAt.wall)
        return RequestMeter(event, since: startedAt.monotonic, door.sink, door.floor.time)
    }

    private func note(_ request: ScannedRequest, _ meter: RequestMeter) {
        meter.event.bytesIn = request.head.end + (request.head.contentLength ?? 0)
        if door.rules.settings.addresses.readsForwarded { meter.event.clientAddress = address(of: request) }
        if let agent = request.text(request.head.userAgent, limit: 256) { meter.event.userAgent = agent }
        if let given = request.text(request.head.callID).flatMap(CallID.init(given:)) {
            meter.event.callID = given.text
        }
    }

    // MARK: Model calls

    private func call(
        _ route: HotRoute, _ request: ScannedRequest, _ meter: RequestMeter, _ writer: ReplyWriter
    ) async {
        var hasBody = false
        do throws(GatewayFault) {
            if try !identify(request, route, meter) { try await identifyAsking(request, route, meter) }
            let body = try await reader.body(of: request, door.rules, now: door.floor.time.monotonic)
            hasBody = true
            let reply = try await door.pipeline.serve(try arrival(route, request, body, meter), meter)
            if case .stream = reply.body { request.trim() }
            try await writer.write(reply)
            meter.finish(port.isClosed ? .clientLeft : .complete)
        } catch {
            await fail(error, request, hasBody, meter, writer)
        }
    }

    @inline(never)
    private func arrival(
        _ route: HotRoute, _ request: ScannedRequest, _ body: Bytes, _ meter: RequestMeter
    ) throws(GatewayFault) -> Arrival {
        let type = route.operation.isMultipart ? request.text(request.head.contentType) : nil
        let hasCustomers = door.pipeline.snapshot.access.asksForCustomers
        let read = try CallReader.read(
            route.operation, body, pathModel: pathModel(route, request.bytes), contentType: type,
            mayLackModel: hasCustomers)
        let wished = try WishReader.read(read, request.head, request.bytes)
        return Arrival(
            call: wished?.call ?? read,
            forwarded: ForwardedFields.copy(
                request.head, request.bytes, all: door.rules.settings.forwardsClientFields,
                keyField: door.rules.settings.keyField),
            ruledModel: ruledModel(request), customer: hasCustomers ? customer(of: read, request, meter) : nil,
            wishes: wished?.wishes, abandonment: abandonment)
    }

    /// For whom the call is sent: what a verified token says stands above all that the client writes.
    private func customer(of call: ModelCall, _ request: ScannedRequest, _ meter: RequestMeter) -> String? {
        meter.event.principal?.grant?.endUserID
            ?? CustomerReader.id(
                of: call, request.head, request.bytes, fields: door.rules.settings.customerFields)
    }

    /// A client that shows the key of its last request again is known: nothing is digested for it twice. False when only
    /// the store can tell who it is.
    @inline(never)
    private func identify(
        _ request: ScannedRequest, _ route: HotRoute, _ meter: RequestMeter
    ) throws(GatewayFault) -> Bool {
        let credential = credential(of: request)
        let snapshot = door.pipeline.snapshot
        if let credential, let caller, caller.snapshot === snapshot, caller.key == credential.bytes,
            caller.principal.isCurrent
        {
            meter.event.principal = caller.principal
            try admit(request, meter)
            try snapshot.access.check(caller.principal, showing: credential, at: startedAt.wall)
            try Access.checkRoute(route.name, caller.principal)
            return true
        }
        try admit(request, meter)
        guard let principal = try door.pipeline.identify(credential, meter) else { return false }
        try remember(principal, credential, route)
        return true
    }

    private func identifyAsking(
        _ request: ScannedRequest, _ route: HotRoute, _ meter: RequestMeter
    ) async throws(GatewayFault) {
        let credential = credential(of: request)
        try remember(try await door.pipeline.identifyAsking(credential, meter), credential, route)
    }

    private func remember(
        _ principal: Principal, _ credential: Credential?, _ route: HotRoute
    ) throws(GatewayFault) {
        let snapshot = door.pipeline.snapshot
        try Access.checkRoute(route.name, principal)
        // A copy: a slice would keep the buffer that the request was received in for as long as the connection.
        caller = credential.map {
            Caller(key: Bytes(bytes: $0.bytes.readableBytesView), principal: principal, snapshot: snapshot)
        }
    }

    /// Where the request comes from: the peer, or whom the proxies in front name.
    private func address(of request: ScannedRequest) -> String {
        let forwarded = request.bytes.withUnsafeReadableBytes { raw in
            CredentialReader.value(of: "x-forwarded-for", request.head, raw).map {
                String(decoding: raw[$0].prefix(1024), as: UTF8.self)
            }
        }
        return door.rules.settings.addresses.client(peer: clientAddress, forwarded: forwarded)
    }

    private func admit(_ request: ScannedRequest, _ meter: RequestMeter) throws(GatewayFault) {
        let rule = door.rules.settings.addresses
        if !rule.isEmpty { try rule.check(meter.event.clientAddress) }
    }

    private func credential(of request: ScannedRequest) -> Credential? {
        CredentialReader.credential(request.head, in: request.bytes, field: door.rules.settings.keyField)
    }

    private struct Caller {
        let key: Bytes
        let principal: Principal
        let snapshot: Snapshot
    }

    @inline(never)
    private func fail(
        _ fault: GatewayFault, _ request: ScannedRequest, _ hasBody: Bool, _ meter: RequestMeter, _ writer: ReplyWriter
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
            meter.release(.upstreamBroke)
            writer.endBroken(fault)
            return meter.finish(.upstreamBroke)
        }
        if fault.code == .requestTimeout {
            writer.keepsAlive = false
        } else if !hasBody, await !reader.skipBody(of: request, door.rules) {
            writer.keepsAlive = false
        }
        if isStopped { writer.keepsAlive = false }
        meter.release()
        writer.write(fault)
        meter.finish(.complete)
    }

    private func pathModel(_ route: HotRoute, _ bytes: Bytes) -> String? {
        route.model.flatMap { bytes.getSlice(at: bytes.readerIndex + $0.lowerBound, length: $0.count) }
            .map { PercentText.decoded($0.readableBytesView) }
    }

    /// The model of the first header rule that the request meets.
    private func ruledModel(_ request: ScannedRequest) -> String? {
        let rules = door.pipeline.snapshot.planner.headerRules
        if rules.isEmpty { return nil }
        return request.bytes.withUnsafeReadableBytes { raw in
            rules.first { rule in
                guard let value = CredentialReader.value(of: rule.header, request.head, raw) else { return false }
                return rule.value.map { raw[value].elementsEqual($0.utf8) } ?? true
            }?.model
        }
    }

    // MARK: Everything else

    private func identified(
        _ credential: Credential?, _ request: ScannedRequest, _ meter: RequestMeter
    ) async -> Result<Principal, GatewayFault> {
        do throws(GatewayFault) {
            try admit(request, meter)
            if let principal = try door.pipeline.identify(credential, meter) { return .success(principal) }
            return .success(try await door.pipeline.identifyAsking(credential, meter))
        } catch {
            return .failure(error)
        }
    }

    private func ask(_ request: ScannedRequest, _ meter: RequestMeter, _ writer: ReplyWriter) async {
        var hasBody = false
        do throws(GatewayFault) {
            let credential = credential(of: request)
            let access = await identified(credential, request, meter)
            let body = try await reader.body(of: request, door.rules, now: door.floor.time.monotonic)
            hasBody = true
            let question = FrameworkQuestion(
                head: request.head, bytes: request.bytes, body: body, access: access,
                hasCredential: credential != nil, callID: meter.event.callID, clientAddress: meter.event.clientAddress)
            try await door.responder.respond(question, meter, writer)
            meter.finish(port.isClosed ? .clientLeft : .complete)
        } catch {
            await fail(error, request, hasBody, meter, writer)
        }
    }
}
