import Logging
import NIOCore
import NIOSSL
import Synchronization
import WeirCoordination
import WeirCore

/// All servers of one installation: sends each question to the one that serves its key, and gives up what took too
/// long. Bound to its loop.
final class RedisClient: RedisNodeOwner {
    /// How often a cluster's map is asked for while it is known to be wrong, and a Sentinel whether the master is still
    /// the same.
    private static let refreshInterval = TimeAmount.milliseconds(250)
    private static let sentinelInterval = TimeAmount.seconds(5)
    /// Servers that one question may visit.
    private static let redirectsAtMost = 3

    private let settings: RedisSettings
    private let setting: RedisNodeSetting
    private let board: RedisBoard
    /// Servers that have been connected before.
    private var known: Set<RedisAddress> = []
    private let logger: Logger
    private let isCluster: Bool
    /// The one server; nil in a cluster.
    private var single: RedisNode?
    private var search: RedisSentinelSearch?
    private var nodes: [RedisAddress: RedisNode] = [:]
    private var seeds: [RedisAddress] = []
    private var map = RedisClusterMap()
    private var isMapStale = true
    private var isRefreshing = false
    private var refreshTurn = 0
    /// Questions that came before the cluster's map.
    private var unrouted: [RedisPart] = []
    private var deadlines = CircularBuffer<RedisAsking>()
    private var deadline: Scheduled<Void>?
    private var lastReason: [RedisAddress: String] = [:]
    private var isClosed = false

    init(
        _ settings: RedisSettings, on loop: any EventLoop, tls: NIOSSLContext?, time: TimeSource, board: RedisBoard,
        logger: Logger
    ) {
        self.settings = settings
        self.board = board
        self.logger = logger
        var database = settings.database
        var probe: [String]? = RedisLogin.writingProbe(settings.namespace)
        if case .cluster = settings.topology {
            isCluster = true
            database = 0
            // A key of the probe's own would belong to one server only.
            probe = nil
        } else {
            isCluster = false
        }
        setting = RedisNodeSetting(
            loop: loop, time: time, tls: tls, namespace: settings.namespace,
            login: RedisLogin(
                username: settings.username, password: settings.password, database: database, loadsScripts: true,
                probe: probe),
            connectTimeout: settings.connectTimeout, answerTimeout: settings.answerTimeout)
    }

    func start() {
        switch settings.topology {
        case .single(let address): single = RedisNode(address, setting, owner: self)
        case .sentinel(let sentinels, let service):
            let search = RedisSentinelSearch(
                sentinels, service: service, setting,
                login: RedisLogin(
                    username: settings.sentinelUsername, password: settings.sentinelPassword, database: 0,
                    loadsScripts: false, probe: nil))
            self.search = search
            single = RedisNode(sentinels.first ?? .host(service, port: 0), setting, owner: self) { search.find($0) }
            every(Self.sentinelInterval) { $0.checkMaster() }
        case .cluster(let seeds):
            self.seeds = seeds
            for seed in seeds { node(seed).connect() }
            every(Self.refreshInterval) { if $0.isMapStale { $0.refreshMap() } }
        }
        single?.connect()
    }

    private func every(_ interval: TimeAmount, _ work: @escaping (RedisClient) -> Void) {
        setting.loop.assumeIsolated().scheduleTask(in: interval) { [weak self] in
            guard let self, !self.isClosed else { return }
            work(self)
            self.every(interval, work)
        }
    }

    // MARK: Asking

    /// Sends these asks, all questions of each in one go.
    func take(_ asks: [RedisAsk]) {
        for ask in asks {
            let asking = RedisAsking(ask)
            deadlines.append(asking)
            for index in ask.questions.indices {
                guard !asking.isDone else { break }
                route(RedisPart(asking: asking, index: index))
            }
        }
        flush()
        watchDeadlines()
    }

    private func flush() {
        if let single { return single.flush() }
        for node in nodes.values { node.flush() }
    }

    private func route(_ part: RedisPart) {
        if let single { return single.send(part) }
        guard !isClosed else { return failed(part) }
        let slot = RedisKeySlot.slot(of: part.asking.questions[part.index].key(settings.namespace))
        guard let master = map.master(of: slot) else {
            guard unrouted.count < 4096, map.masters.isEmpty else { return failed(part) }
            return unrouted.append(part)
        }
        node(master).send(part)
    }

    private func watchDeadlines() {
        guard deadline == nil else { return }
        while deadlines.first?.isDone == true { deadlines.removeFirst() }
        guard let first = deadlines.first else { return }
        let due = first.askedAt + settings.answerTimeout.nanoseconds
        let now = setting.time.monotonic()
        deadline = setting.loop.assumeIsolated().scheduleTask(in: .nanoseconds(due > now ? Int64(due - now) : 0)) {
            [weak self] in
            self?.deadline = nil
            self?.giveUpLate()
            self?.watchDeadlines()
        }
    }

    private func giveUpLate() {
        let now = setting.time.monotonic()
        while let first = deadlines.first, first.isDone || first.askedAt + settings.answerTimeout.nanoseconds <= now {
            deadlines.removeFirst()
            guard !first.isDone else { continue }
            board.change { $0.late += 1 }
            // Before the answer: who asks again from within it shall find the breaker open already.
            for node in nodes(for: first.unanswered) { node.failed(.late, askedAt: first.askedAt) }
            if first.giveUp() { board.change { $0.failed += 1 } }
        }
        unrouted.removeAll { $0.asking.isDone }
    }

    /// The servers that owe an answer to one of these questions.
    private func nodes(for questions: [RedisQuestion]) -> [RedisNode] {
        if let single { return [single] }
        var found: [RedisNode] = []
        for question in questions {
            let slot = RedisKeySlot.slot(of: question.key(settings.namespace))
            guard let master = map.master(of: slot), let node = nodes[master] else { continue }
            if !found.contains(where: { $0 === node }) { found.append(node) }
        }
        return found
    }

    // MARK: What the nodes tell

    func answered(_ part: RedisPart, _ reply: RESPValue, by node: RedisNode) {
        let asking = part.asking
        if case .error(let text) = reply {
            return refused(part, RedisRefusal(text, from: node.address?.host ?? ""), node)
        }
        guard !asking.isDone else { return }
        guard let answer = asking.questions[part.index].answer(reply) else {
            node.unfit(.unexpected("the reply to a script has another form"))
            return failed(part)
        }
        node.succeeded()
        guard asking.take(answer, part.index) else { return }
        let took = setting.time.monotonic() &- asking.askedAt
        board.change {
            $0.answered += 1
            $0.roundTrips.add(took)
        }
        asking.answerAll()
    }

    private func refused(_ part: RedisPart, _ refusal: RedisRefusal, _ node: RedisNode) {
        var part = part
        let isWanted = !part.asking.isDone
        switch refusal.kind {
        case .noScript where !part.needsText:
            // A question that nobody waits for any more is better not asked: it did not happen, and that is known.
            guard isWanted else { return }
            part.needsText = true
            board.change { $0.scriptsForgotten += 1 }
            return node.send(part)
        case .moved(let address), .ask(let address):
            guard isCluster else { break }
            if case .moved = refusal.kind {
                isMapStale = true
                refreshMap()
            }
            guard isWanted, part.redirects < Self.redirectsAtMost else { return failed(part) }
            part.redirects += 1
            part.needsText = false
            part.isGuest = refusal.kind == .ask(address)
            board.change { $0.redirects += 1 }
            let target = self.node(address)
            target.send(part)
            return target.flush()
        case .unfit:
            isMapStale = true
            node.unfit(.refused(refusal))
            return failed(part)
        case .forbidden:
            node.unfit(.refused(refusal))
            return failed(part)
        default: break
        }
        if isWanted { node.failed(.refused(refusal), askedAt: part.asking.askedAt) }
        failed(part)
    }

    func failed(_ part: RedisPart) {
        if part.asking.giveUp() { board.change { $0.failed += 1 } }
    }

    func becameReady(_ node: RedisNode, isNew: Bool) {
        if isNew {
            board.change { $0.connections += 1 }
            if !known.insert(node.name).inserted { board.losses.wrappingAdd(1, ordering: .releasing) }
        }
        if lastReason.removeValue(forKey: node.name) != nil {
            logger.notice("Redis at \(node.address ?? node.name) is available again")
        }
        if isCluster, isMapStale || map.masters.isEmpty { refreshMap() }
        tellStatus()
    }

    func gaveUp(_ node: RedisNode, _ fault: RedisFault) {
        let reason = fault.text
        board.change {
            $0.outages += 1
            $0.lastFault = "\(node.name): \(reason)"
        }
        if lastReason.updateValue(reason, forKey: node.name) != reason {
            logger.warning("Redis at \(node.name) is not available: \(reason)")
        }
        isMapStale = true
        tellStatus()
    }

    private func tellStatus() {
        let isAvailable: Bool
        if let single {
            isAvailable = single.isReady
            board.refuses.store(single.isOpen, ordering: .relaxed)
        } else {
            isAvailable = map.isComplete && map.masters.allSatisfy { nodes[$0]?.isReady == true }
            board.refuses.store(!nodes.isEmpty && nodes.values.allSatisfy { $0.isOpen }, ordering: .relaxed)
        }
        board.change { $0.isAvailable = isAvailable }
    }

    // MARK: Sentinel

    /// A master that was replaced while it could not be reached by the Sentinels still answers here: it must be left.
    private func checkMaster() {
        guard let single, single.isReady, let current = single.address else { return }
        search?.find { [weak self] result in
            guard let self, !self.isClosed, case .success(let master) = result, let single = self.single else { return }
            if single.isReady, single.address == current, master != current { single.move() }
        }
    }

    // MARK: Cluster

    private func node(_ address: RedisAddress) -> RedisNode {
        if let node = nodes[address] { return node }
        let node = RedisNode(address, setting, owner: self)
        nodes[address] = node
        node.connect()
        return node
    }

    private func refreshMap() {
        guard isCluster, !isRefreshing, !isClosed else { return }
        let ready = nodes.values.filter { $0.isReady }.sorted { $0.name.description < $1.name.description }
        guard !ready.isEmpty else { return }
        refreshTurn &+= 1
        let asked = ready[refreshTurn % ready.count]
        isRefreshing = true
        asked.call(["CLUSTER", "SLOTS"]) { [weak self] result in
            guard let self else { return }
            self.isRefreshing = false
            guard !self.isClosed, case .success(let reply) = result,
                let map = RedisClusterMap(reply, askedFrom: asked.address?.host ?? asked.name.host)
            else { return }
            self.use(map)
        }
        // A server that hangs must not hold the map back.
        setting.loop.assumeIsolated().scheduleTask(in: Self.refreshInterval) { [weak self] in self?.isRefreshing = false
        }
    }

    private func use(_ new: RedisClusterMap) {
        map = new
        for master in new.masters { node(master).connect() }
        for (address, node) in nodes where !new.masters.contains(address) && !seeds.contains(address) {
            node.close()
            nodes[address] = nil
            lastReason[address] = nil
        }
        // Until every master is well, the map may be one from before a failover.
        isMapStale = !new.isComplete || new.masters.contains { nodes[$0]?.isOpen == true }
        let parts = unrouted
        unrouted = []
        for part in parts where !part.asking.isDone { route(part) }
        flush()
        tellStatus()
    }

    // MARK: The end

    /// Closes all connections; what is open is answered with nil.
    func close() {
        isClosed = true
        deadline?.cancel()
        single?.close()
        for node in nodes.values { node.close() }
        for asking in deadlines where asking.giveUp() { board.change { $0.failed += 1 } }
        deadlines.removeAll()
        unrouted = []
        board.refuses.store(true, ordering: .relaxed)
        board.change { $0.isAvailable = false }
    }
}
