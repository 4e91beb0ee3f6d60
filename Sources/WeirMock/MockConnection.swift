import Glibc
import NIOCore
import WeirCore
import WeirLoops
import WeirWire

/// One client's connection. Bound to its loop.
final class MockConnection {
    private let port: Port
    private let reset: ResetSwitch
    private let floor: LoopFloor
    private let settings: MockSettings
    private let recorder: MockRecorder
    private var buffer = Bytes()
    private var waiter: UnsafeContinuation<Void, Never>?
    private var latest: MockScenario?
    private var turn = 0

    init(
        _ port: Port, _ reset: ResetSwitch, on floor: LoopFloor, _ settings: MockSettings, _ recorder: MockRecorder
    ) {
        self.port = port
        self.reset = reset
        self.floor = floor
        self.settings = settings
        self.recorder = recorder
    }

    func run() async {
        recorder.opened()
        port.whenClosed { [weak self] in
            self?.wake()
            self?.noteClosed()
        }
        port.whenInputClosed { [weak self] in self?.wake() }
        while !hasClientLeft, let (head, bytes) = await nextHead() {
            guard await serve(head, bytes) else { break }
        }
        if !port.isClosed { await port.drained() }
        port.close()
    }

    func stop() { port.close() }

    private func noteClosed() { recorder.closed(latest) }

    // MARK: Reading

    private func nextHead() async -> (RequestHead, Bytes)? {
        var scanned = 0
        while true {
            do throws(HTTPViolation) {
                let head = try buffer.withUnsafeReadableBytes { bytes throws(HTTPViolation) in
                    try RequestHead.scan(bytes, from: &scanned, limits: HTTPLimits())
                }
                if let head, let bytes = buffer.readSlice(length: head.end) { return (head, bytes) }
            } catch {
                recorder.violated()
                send(MockMessage(status: error.status, pieces: [Bytes(string: error.reason)]).steps)
                return nil
            }
            guard await more() else { return nil }
        }
    }

    /// Nil when the client leaves, sends something that is not HTTP, or too much.
    private func body(of head: RequestHead) async -> Bytes? {
        if head.expectsContinue, head.isChunked || head.contentLength ?? 0 > 0 {
            port.write(Bytes(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            port.flush()
        }
        if head.isChunked { return await chunkedBody() }
        let length = head.contentLength ?? 0
        guard length <= MockSettings.bodyBytes else {
            send(MockMessage(status: 413, pieces: [Bytes(string: "mock: more than 64 MiB")]).steps)
            return nil
        }
        while buffer.readableBytes < length { guard await more() else { return nil } }
        return buffer.readSlice(length: length)
    }

    private func chunkedBody() async -> Bytes? {
        var decoder = ChunkDecoder()
        var body = Bytes()
        while true {
            do throws(HTTPViolation) {
                if var piece = try decoder.decode(&buffer) { body.writeBuffer(&piece) }
            } catch {
                recorder.violated()
                return nil
            }
            if decoder.isDone { return body }
            guard body.readableBytes <= MockSettings.bodyBytes, await more() else { return nil }
        }
    }

    private func more() async -> Bool {
        guard var part = await port.next() else { return false }
        if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
        return true
    }

    // MARK: Answering

    /// False when the connection is over.
    private func serve(_ head: RequestHead, _ bytes: Bytes) async -> Bool {
        if let own = await ownReply(head, bytes) { return own && head.keepsAlive }
        let early = MockRequest(head, bytes, body: Bytes())
        var body = Bytes()
        if early.choice.scenario != .refuse {
            guard let whole = await self.body(of: head) else { return false }
            body = whole
        }
        let request = body.readableBytes > 0 ? MockRequest(head, bytes, body: body) : early
        turn += 1
        let script = MockScript(
            request: request, settings: settings, now: floor.time.wall() / 1_000_000_000, turn: turn)
        let scenario = request.choice.scenario
        recorder.began(request, after: latest)
        latest = scenario
        let isComplete = await perform(script.steps)
        recorder.ended(scenario, aborted: !isComplete)
        return isComplete && !port.isClosed && head.keepsAlive
    }

    /// True when all steps were done: the client did not leave before.
    private func perform(_ steps: [MockStep]) async -> Bool {
        for (index, step) in steps.enumerated() {
            switch step {
            case .send(let bytes):
                port.write(bytes)
                if index + 1 < steps.count, case .send = steps[index + 1], port.isWritable { continue }
                port.flush()
                await port.writable()
                if port.isClosed { return false }
            case .wait(let nanoseconds):
                guard await pause(nanoseconds) else { return false }
            case .stall:
                guard await pause(nil) else { return false }
            case .reset:
                await port.drained()
                reset.arm()
                port.close()
                return true
            case .close:
                await port.drained()
                port.close()
                return true
            }
        }
        return !port.isClosed
    }

    private func send(_ steps: [MockStep]) {
        for case .send(let bytes) in steps { port.write(bytes) }
        port.flush()
    }

    // MARK: The journal and the list

    /// Answers what is about the mock itself: nil when the request is not.
    private func ownReply(_ head: RequestHead, _ bytes: Bytes) async -> Bool? {
        let path = bytes.getString(at: bytes.readerIndex + head.path.lowerBound, length: head.path.count)
        let body: Bytes
        switch path {
        case "/__journal": body = recorder.current.json
        case "/__scenarios": body = Self.scenarios
        case "/__reset":
            recorder.reset()
            body = Bytes(string: "{}")
        default: return nil
        }
        guard await self.body(of: head) != nil else { return false }
        send(MockMessage(fields: [("content-type", "application/json")], pieces: [body]).steps)
        return !port.isClosed
    }

    private static var scenarios: Bytes {
        var json = JSONWriter(capacity: 8192)
        json.beginObject()
        for scenario in MockScenario.allCases {
            json.key(scenario.rawValue)
            json.string(scenario.summary)
        }
        json.endObject()
        return json.buffer
    }

    // MARK: Waiting

    /// A client that has shut down its writing side counts as gone, as most model servers have it.
    private var hasClientLeft: Bool { port.isClosed || port.isInputClosed }

    /// Waits so long, or for ever; false as soon as the client has left.
    private func pause(_ nanoseconds: UInt64?) async -> Bool {
        if hasClientLeft { return false }
        var timer: Scheduled<Void>?
        if let nanoseconds {
            let bound = NIOLoopBound(self, eventLoop: floor.loop)
            timer = floor.loop.scheduleTask(in: .nanoseconds(Int64(clamping: nanoseconds))) { bound.value.wake() }
        }
        await withUnsafeContinuation { waiter = $0 }
        timer?.cancel()
        return !hasClientLeft
    }

    private func wake() { waiter.take()?.resume() }
}

/// Makes closing a connection reset it: a lingering time of zero has the kernel send RST.
final class ResetSwitch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var channel: (any Channel)?

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    func handlerRemoved(context: ChannelHandlerContext) { channel = nil }

    func arm() { _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)) }
}
