import NIOCore
import NIOSSL
import WeirCore

/// What a node tells its client. On the loop.
protocol RedisNodeOwner: AnyObject {
    /// The node answered its probe, over a new connection or over the one it had.
    func becameReady(_ node: RedisNode, isNew: Bool)
    /// The node's breaker opened for this reason.
    func gaveUp(_ node: RedisNode, _ fault: RedisFault)
    /// The server answered a question.
    func answered(_ part: RedisPart, _ reply: RESPValue, by node: RedisNode)
    /// The question will not be answered by this node. It was counted where it counts.
    func failed(_ part: RedisPart)
}

/// One server as the client sees it: a connection that is made again when it ends, a breaker, and the questions that
/// wait for the connection. Bound to its loop.
final class RedisNode: RedisConnectionOwner {
    /// Finds out where to connect; called for every new connection.
    typealias Locate = (@escaping (Result<RedisAddress, RedisFault>) -> Void) -> Void

    private enum State {
        case idle, connecting, closed
        case ready(RedisConnection)
    }

    /// Questions that may wait for a connection: more are refused, for they would all be late.
    private static let waitingAtMost = 4096

    let name: RedisAddress
    private let setting: RedisNodeSetting
    private let locate: Locate
    private weak var owner: (any RedisNodeOwner)?
    private var state = State.idle
    private var connection: RedisConnection?
    private var attempt = 0
    private var retries: UInt64 = 0
    private var digests: [String?] = []
    private var waiting: [RedisPart] = []
    private var breaker = RedisBreaker()
    /// The next attempt or probe.
    private var timer: Scheduled<Void>?
    /// The end of the attempt under way.
    private var deadline: Scheduled<Void>?
    private var isWatchingSilence = false

    init(_ name: RedisAddress, _ setting: RedisNodeSetting, owner: any RedisNodeOwner, locate: Locate? = nil) {
        self.name = name
        self.setting = setting
        self.owner = owner
        self.locate = locate ?? { $0(.success(name)) }
    }

    /// Questions are answered with nil at once.
    var isOpen: Bool { breaker.isOpen }
    var isReady: Bool { liveConnection != nil && !breaker.isOpen }
    /// Where the connection leads, when there is one.
    var address: RedisAddress? { connection?.address }

    private var liveConnection: RedisConnection? {
        guard case .ready(let connection) = state else { return nil }
        return connection
    }

    private var now: UInt64 { setting.time.monotonic() }
    private var random: UInt64 { .random(in: 0...UInt64.max) }

    // MARK: Asking

    /// Sends a question, or keeps it until the connection is there. What is written goes out at `flush`.
    func send(_ part: RedisPart) {
        guard !breaker.isOpen else { return refuse(part) }
        switch state {
        case .ready(let connection): write(part, connection)
        case .closed: refuse(part)
        case .idle, .connecting:
            if waiting.count >= Self.waitingAtMost { waiting.removeAll { $0.asking.isDone } }
            guard waiting.count < Self.waitingAtMost else { return refuse(part) }
            waiting.append(part)
        }
    }

    /// Sends a command outside of any ask, such as a question about the cluster.
    func call(_ command: [String], _ done: @escaping (Result<RESPValue, RedisFault>) -> Void) {
        guard let connection = liveConnection else { return done(.failure(.closed("not connected"))) }
        connection.call(command, done)
        connection.flush()
    }

    func flush() { liveConnection?.flush() }

    private func write(_ part: RedisPart, _ connection: RedisConnection) {
        let script = part.asking.questions[part.index].script.rawValue
        let digest = part.needsText || script >= digests.count ? nil : digests[script]
        connection.send(part, namespace: setting.namespace, digest: digest)
    }

    private func refuse(_ part: RedisPart) { owner?.failed(part) }

    // MARK: What became of it

    func connection(_ connection: RedisConnection, answered part: RedisPart, _ reply: RESPValue) {
        owner?.answered(part, reply, by: self)
    }

    /// A whole answer came in time.
    func succeeded() { if !breaker.isOpen { breaker.succeeded() } }

    /// A question was not answered in time, or with an error that may pass.
    func failed(_ fault: RedisFault, askedAt: UInt64) {
        guard !breaker.isOpen else { return }
        breaker.failed(askedAt: askedAt, at: now, random: random)
        if breaker.isOpen { return opened(fault) }
        if fault == .late { watchSilence() }
    }

    /// The server said that it is not the one to ask: nothing is sent to it until a probe finds it well.
    func unfit(_ fault: RedisFault) {
        guard !breaker.isOpen else { return }
        breaker.open(at: now, random: random)
        opened(fault)
    }

    private func opened(_ fault: RedisFault) {
        // What is connected may be the wrong server by now, or one that hangs: the probe begins from the beginning,
        // unless the server merely was slow.
        if fault != .late { dropConnection(fault) } else { watchSilence() }
        refuseWaiting()
        schedule(after: probeDelay) { $0.probe() }
        owner?.gaveUp(self, fault)
    }

    private var probeDelay: UInt64 {
        let now = now
        guard let at = breaker.probeAt, at > now else { return 0 }
        return at - now
    }

    private func refuseWaiting() {
        let parts = waiting
        waiting = []
        for part in parts { refuse(part) }
    }

    /// Looks, once the server could have been silent for too long, whether it was.
    private func watchSilence() {
        guard !isWatchingSilence, let connection = liveConnection else { return }
        isWatchingSilence = true
        let silence = connection.silence(at: now)
        let rest = RedisBreaker.silence > silence ? RedisBreaker.silence - silence : 0
        setting.loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(rest) + 1_000_000)) { [weak self] in
            guard let self else { return }
            self.isWatchingSilence = false
            guard let connection = self.liveConnection else { return }
            let silence = connection.silence(at: self.now)
            if silence >= RedisBreaker.silence {
                connection.close(.silent)
            } else if silence > 0 {
                self.watchSilence()
            }
        }
    }

    // MARK: Connecting

    /// Connects, unless there is a connection or one is being made.
    func connect() {
        guard case .idle = state else { return }
        state = .connecting
        attempt += 1
        let attempt = attempt
        timer?.cancel()
        deadline = scheduled(after: setting.connectTimeout.nanoseconds) { $0.connectFailed(.late, attempt) }
        locate { [weak self] result in
            guard let self, self.attempt == attempt, case .connecting = self.state else { return }
            switch result {
            case .success(let address): self.open(address, attempt)
            case .failure(let fault): self.connectFailed(fault, attempt)
            }
        }
    }

    private func open(_ address: RedisAddress, _ attempt: Int) {
        let connection = RedisConnection(address, time: setting.time, owner: self)
        self.connection = connection
        connection.open(on: setting.loop, tls: setting.tls, timeout: setting.connectTimeout) { [weak self] result in
            guard let self, self.attempt == attempt, case .connecting = self.state else { return }
            if case .failure(let fault) = result { return self.connectFailed(fault, attempt) }
            self.setting.login.run(on: connection) { [weak self] result in
                guard let self, self.attempt == attempt, case .connecting = self.state else { return }
                switch result {
                case .success(let digests): self.connected(connection, digests)
                case .failure(let fault): self.connectFailed(fault, attempt)
                }
            }
        }
    }

    private func connected(_ connection: RedisConnection, _ digests: [String?]) {
        timer?.cancel()
        deadline?.cancel()
        state = .ready(connection)
        retries = 0
        self.digests = digests
        breaker.succeeded()
        owner?.becameReady(self, isNew: true)
        let parts = waiting
        waiting = []
        for part in parts where !part.asking.isDone { send(part) }
        connection.flush()
    }

    private func connectFailed(_ fault: RedisFault, _ attempt: Int) {
        guard self.attempt == attempt, case .connecting = state else { return }
        lost(fault)
    }

    func connection(_ connection: RedisConnection, closed fault: RedisFault, unanswered: [RedisPart]) {
        for part in unanswered { refuse(part) }
        guard connection === self.connection else { return }
        lost(fault)
    }

    /// The connection is gone, or was not made: tries again soon, and once the breaker is open, at every probe.
    private func lost(_ fault: RedisFault) {
        if case .closed = state { return }
        let wasOpen = breaker.isOpen
        dropConnection(fault)
        let now = now
        if wasOpen || Self.isHopeless(fault) {
            breaker.open(at: now, random: random)
        } else {
            breaker.failed(askedAt: now, at: now, random: random)
        }
        guard breaker.isOpen else {
            // 5 to 10 ms at first, twice as much each time; with three failures the breaker opens.
            let base: UInt64 = 5_000_000 << min(retries, 6)
            retries += 1
            return schedule(after: base + random % base) { $0.connect() }
        }
        refuseWaiting()
        schedule(after: probeDelay) { $0.probe() }
        if !wasOpen { owner?.gaveUp(self, fault) }
    }

    /// Trying again at once would only be refused again, or held back for as long.
    private static func isHopeless(_ fault: RedisFault) -> Bool {
        switch fault {
        case .refused, .unexpected, .silent: true
        case .closed, .late: false
        }
    }

    private func dropConnection(_ fault: RedisFault) {
        attempt += 1
        let old = connection
        connection = nil
        state = .idle
        timer?.cancel()
        deadline?.cancel()
        old?.close(fault)
    }

    /// Looks whether the server is back: over the connection if there is one, otherwise by a new one.
    private func probe() {
        guard breaker.isOpen else { return }
        // An attempt that is under way ends by itself, and its end plans the next probe.
        guard let connection = liveConnection else { return connect() }
        let started = now
        connection.call(setting.login.probe ?? ["PING"]) { [weak self] result in
            guard let self, self.liveConnection === connection, self.breaker.isOpen else { return }
            switch result {
            case .success:
                guard self.now - started <= self.setting.answerTimeout.nanoseconds else { return }
                self.timer?.cancel()
                self.breaker.succeeded()
                self.owner?.becameReady(self, isNew: false)
            case .failure(let fault): self.lost(fault)
            }
        }
        connection.flush()
        watchSilence()
        breaker.open(at: started, random: random)
        schedule(after: probeDelay) { $0.probe() }
    }

    /// Connects anew, because the server lives elsewhere now.
    func move() {
        dropConnection(.closed("the service moved to another server"))
        connect()
    }

    func close() {
        if case .closed = state { return }
        dropConnection(.closed("shut down"))
        state = .closed
        owner = nil
        refuseWaiting()
    }

    private func schedule(after delay: UInt64, _ work: @escaping (RedisNode) -> Void) {
        timer?.cancel()
        timer = scheduled(after: delay, work)
    }

    private func scheduled(after delay: UInt64, _ work: @escaping (RedisNode) -> Void) -> Scheduled<Void> {
        setting.loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(clamping: delay))) { [weak self] in
            if let self { work(self) }
        }
    }
}

/// What all nodes of a client have in common.
struct RedisNodeSetting {
    let loop: any EventLoop
    let time: TimeSource
    let tls: NIOSSLContext?
    let namespace: String
    let login: RedisLogin
    let connectTimeout: Timeout
    let answerTimeout: Timeout
}
