import WeirCore
import WeirRouting

/// One of two attempts at the same stream that run at once. Bound to its loop.
final class HedgeLane {
    let candidate: Candidate
    let loop: AttemptLoop
    /// Closes its connection.
    let abandonment: Abandonment
    /// It was asked before the others.
    var isFirst = false
    fileprivate(set) var result: Result<Reply, GatewayFault>?
    fileprivate var isLost = false

    init(_ candidate: Candidate, _ loop: AttemptLoop) {
        self.candidate = candidate
        self.loop = loop
        abandonment = loop.arrival.abandonment
    }

    /// Its reply, when its first token has come.
    var reply: Reply? { if case .success(let reply) = result { reply } else { nil } }
    var fault: GatewayFault? { if case .failure(let fault) = result { fault } else { nil } }

    /// Nobody waits for it any more: what it has open is closed at once.
    func lose() {
        isLost = true
        abandonment.abandon()
        closeReply()
    }

    fileprivate func run() async {
        do throws(GatewayFault) { result = .success(try await loop.attempt()) } catch { result = .failure(error) }
        if isLost { closeReply() }
    }

    private func closeReply() {
        if case .stream(let stream) = reply?.body { stream.cancel() }
    }
}

/// Attempts that run at once, and a bell for the one who waits for the first of them. Bound to its loop.
final class HedgeRace {
    private(set) var lanes: [HedgeLane] = []
    private let upstream: any Upstream
    private let client: Abandonment
    private var bell = Abandonment()

    init(_ upstream: any Upstream, _ client: Abandonment) {
        self.upstream = upstream
        self.client = client
        client.onAbandon { [weak self] in
            for lane in self?.lanes ?? [] { lane.abandonment.abandon() }
            self?.bell.abandon()
        }
    }

    var clientLeft: Bool { client.isAbandoned }
    var isOpen: Bool { !clientLeft && lanes.allSatisfy { $0.result == nil } }
    /// The first whose first token has come.
    var winner: HedgeLane? { lanes.first { $0.reply != nil } }
    var failed: HedgeLane? { lanes.first { $0.fault != nil } }

    func start(_ lane: HedgeLane) {
        lanes.append(lane)
        upstream.start { [self] in
            await lane.run()
            bell.abandon()
        }
    }

    func remove(_ lane: HedgeLane) { lanes.removeAll { $0 === lane } }

    /// Waits until something has happened, or so many nanoseconds.
    func wait(atMost nanoseconds: UInt64) async {
        try? await upstream.pause(nanoseconds, bell)
        renewBell()
    }

    /// Waits until something has happened.
    func wait() async {
        let bell = bell
        await withUnsafeContinuation { over in bell.onAbandon { over.resume() } }
        renewBell()
    }

    private func renewBell() { if bell.isAbandoned { bell = Abandonment() } }
}
