package import Logging
package import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
package import WeirCoordination
package import WeirCore

/// Redis as the store that all replicas reach: one server, a master found through Sentinels, or a cluster.
///
/// Usable from any thread. Nobody who asks is blocked: a question is put into a list, and one loop writes all that are
/// there in one go. `answer` is called on that loop, or at once on the caller's thread while the breaker is open: it
/// must not wait, nor take a lock that the caller of `ask` holds.
///
/// Numbers: an answer may take 50 ms. Three failures in a row, or 200 ms of silence, or a server that says it is unfit,
/// open the breaker; then one probe every 0.8 to 1.2 s looks whether it is back. Questions that a failing server had
/// already taken may have happened.
package final class RedisSharedState: SharedState {
    private struct Inbox {
        var asks: [RedisAsk] = []
        var isDrainPlanned = false
        var isClosed = false
    }

    private let inbox = Mutex(Inbox())
    private let board = RedisBoard()
    private let time: TimeSource
    private let loop: any EventLoop
    private let ownGroup: MultiThreadedEventLoopGroup?
    private let client: NIOLoopBoundBox<RedisClient?>

    /// Begins to connect at once, and does not wait for it: what is asked meanwhile waits for its 50 ms.
    ///
    /// - Parameter loop: the loop to live on; nil starts a thread of its own, which ends with `close()`.
    /// - Throws: when the settings name no server, or the files of certificates cannot be read.
    package init(
        _ settings: RedisSettings, on loop: (any EventLoop)? = nil, time: TimeSource, logger: Logger
    ) throws(RedisSettingsFault) {
        switch settings.topology {
        case .single: break
        case .sentinel(let servers, _), .cluster(let servers):
            if servers.isEmpty { throw RedisSettingsFault("Redis needs at least one server's address.") }
        }
        if case .cluster = settings.topology, settings.database != 0 {
            throw RedisSettingsFault("A Redis cluster has database 0 only.")
        }
        var settings = settings
        if settings.answerTimeout == .none { settings.answerTimeout = .seconds(60) }
        if settings.connectTimeout == .none { settings.connectTimeout = .seconds(60) }
        let tls = try settings.tls.map { tls throws(RedisSettingsFault) in try Self.context(tls) }
        let group = loop == nil ? MultiThreadedEventLoopGroup(numberOfThreads: 1) : nil
        let home: any EventLoop = loop ?? group?.next() ?? MultiThreadedEventLoopGroup.singleton.next()
        ownGroup = group
        self.loop = home
        self.time = time
        let box = NIOLoopBoundBox<RedisClient?>.makeEmptyBox(eventLoop: home)
        client = box
        let board = board
        home.execute { [settings] in
            let client = RedisClient(settings, on: home, tls: tls, time: time, board: board, logger: logger)
            box.value = client
            client.start()
        }
    }

    package func ask(_ questions: [SharedQuestion], answer: @escaping @Sendable ([SharedAnswer]?) -> Void) {
        guard !questions.isEmpty else { return answer([]) }
        guard !board.refuses.load(ordering: .relaxed) else {
            board.refuse()
            return answer(nil)
        }
        let ask = RedisAsk(questions: questions, askedAt: time.monotonic(), answer: answer)
        let (isTaken, isFirst) = inbox.withLock { inbox in
            guard !inbox.isClosed else { return (false, false) }
            inbox.asks.append(ask)
            let isFirst = !inbox.isDrainPlanned
            inbox.isDrainPlanned = true
            return (true, isFirst)
        }
        guard isTaken else { return answer(nil) }
        // One wake-up of the loop for all that are asked before it has come to look.
        if isFirst { loop.execute { self.drain() } }
    }

    private func drain() {
        let asks = inbox.withLock { inbox in
            inbox.isDrainPlanned = false
            let asks = inbox.asks
            inbox.asks = []
            return asks
        }
        if let client = client.value {
            client.take(asks)
        } else {
            for ask in asks { ask.answer(nil) }
        }
    }

    package var losses: UInt64 { board.losses.load(ordering: .acquiring) }

    /// What has happened so far.
    package var status: RedisStatus { board.reading() }

    /// Every server that is needed is connected, and answers.
    package var isAvailable: Bool { status.isAvailable }

    /// Closes the connections; what is still open is answered with nil, and so is everything asked from then on.
    package func close() async {
        let asks = inbox.withLock { inbox in
            inbox.isClosed = true
            let asks = inbox.asks
            inbox.asks = []
            return asks
        }
        for ask in asks { ask.answer(nil) }
        let client = client
        let board = board
        await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
            loop.execute {
                client.value?.close()
                client.value = nil
                board.refuses.store(true, ordering: .relaxed)
                done.resume()
            }
        }
        try? await ownGroup?.shutdownGracefully()
    }

    private static func context(_ tls: RedisSettings.TLS) throws(RedisSettingsFault) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let file = tls.certificateAuthorities { configuration.trustRoots = .file(file) }
            if let chain = tls.certificateChain {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) }
                configuration.privateKey = .privateKey(
                    try NIOSSLPrivateKey(file: tls.privateKey ?? chain, format: .pem))
            }
            if !tls.verifies { configuration.certificateVerification = .none }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RedisSettingsFault("The certificates for Redis cannot be read: \(error)")
        }
    }
}
