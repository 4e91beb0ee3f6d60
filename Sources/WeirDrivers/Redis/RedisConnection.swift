import NIOCore
import NIOPosix
import NIOSSL
import WeirCore

/// Who owns a connection hears what comes over it. On the loop.
protocol RedisConnectionOwner: AnyObject {
    func connection(_ connection: RedisConnection, answered part: RedisPart, _ reply: RESPValue)
    /// Called once; `unanswered` were sent, and may have happened or not.
    func connection(_ connection: RedisConnection, closed fault: RedisFault, unanswered: [RedisPart])
}

/// One connection to a server. Commands are written one after the other without waiting for replies, which come in the
/// same order; what is written in one turn of the loop goes out at `flush`. Bound to its loop.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Waiting {
        case part(RedisPart)
        case call((Result<RESPValue, RedisFault>) -> Void)
        case nobody
    }

    let address: RedisAddress
    private let time: TimeSource
    private weak var owner: (any RedisConnectionOwner)?
    private var channel: (any Channel)?
    private var codec = RESPCodec()
    private var received = ByteBuffer()
    private var outgoing = ByteBuffer()
    private var waiting = CircularBuffer<Waiting>()
    private var sentTimes = CircularBuffer<UInt64>()
    private var lastHeard: UInt64 = 0
    private var endReason: RedisFault?
    private(set) var isClosed = false

    init(_ address: RedisAddress, time: TimeSource, owner: (any RedisConnectionOwner)?) {
        self.address = address
        self.time = time
        self.owner = owner
    }

    /// Connects; TLS goes on behind the first command. Only on the loop.
    func open(
        on loop: any EventLoop, tls: NIOSSLContext?, timeout: Timeout,
        done: @escaping (Result<Void, RedisFault>) -> Void
    ) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let host = address.host
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(Int64(clamping: timeout.nanoseconds)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        // A certificate for an address is checked against the peer's address; only names are announced.
                        let isName = (try? SocketAddress(ipAddress: host, port: 0)) == nil && !host.isEmpty
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: isName ? host : nil)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
        let connected: EventLoopFuture<any Channel>
        switch address {
        case .host(let host, let port):
            bootstrap = bootstrap.channelOption(.socketOption(.tcp_nodelay), value: 1)
            connected = bootstrap.connect(host: host, port: port)
        case .socket(let path): connected = bootstrap.connect(unixDomainSocketPath: path)
        }
        connected.hop(to: loop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel):
                guard !self.isClosed else {
                    channel.close(promise: nil)
                    return done(.failure(self.endReason ?? .closed("closed while connecting")))
                }
                self.channel = channel
                done(.success(()))
            case .failure(let error): done(.failure(.closed("cannot connect: \(error)")))
            }
        }
    }

    // MARK: Sending

    /// Writes the question of `part`; its reply goes to the owner.
    func send(_ part: RedisPart, namespace: String, digest: String?) {
        if part.isGuest {
            RESPCodec.write(command: ["ASKING"], into: &outgoing)
            expect(.nobody)
        }
        part.asking.questions[part.index].write(namespace, digest: digest, into: &outgoing)
        expect(.part(part))
    }

    /// Writes a command; `done` is called once, with its reply or the reason why there is none. An error is a failure.
    func call(_ command: [String], _ done: @escaping (Result<RESPValue, RedisFault>) -> Void) {
        guard !isClosed else { return done(.failure(endReason ?? .closed("closed"))) }
        RESPCodec.write(command: command, into: &outgoing)
        expect(.call(done))
    }

    private func expect(_ who: Waiting) {
        waiting.append(who)
        sentTimes.append(time.monotonic())
    }

    /// Sends what was written.
    func flush() {
        guard outgoing.readableBytes > 0, let channel else { return }
        channel.writeAndFlush(outgoing, promise: nil)
        outgoing = channel.allocator.buffer(capacity: 1024)
    }

    /// How long the server has been silent on what it was asked, in nanoseconds; 0 when nothing is open.
    func silence(at now: UInt64) -> UInt64 {
        guard let oldest = sentTimes.first else { return 0 }
        let since = max(oldest, lastHeard)
        return now > since ? now - since : 0
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var piece = unwrapInboundIn(data)
        lastHeard = time.monotonic()
        if received.readableBytes == 0 { received = piece } else { received.writeBuffer(&piece) }
        do throws(RESPFault) {
            while !isClosed, let reply = try codec.next(&received) { take(reply) }
        } catch {
            close(.unexpected("the server sent \(error.what)"))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { flush() }

    private func take(_ reply: RESPValue) {
        if case .push = reply { return }
        guard let who = waiting.popFirst() else { return close(.unexpected("the server sent a reply to no question")) }
        _ = sentTimes.popFirst()
        switch who {
        case .part(let part): owner?.connection(self, answered: part, reply)
        case .call(let done):
            if case .error(let text) = reply {
                done(.failure(.refused(RedisRefusal(text, from: address.host))))
            } else {
                done(.success(reply))
            }
        case .nobody: break
        }
    }

    // MARK: The end

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(.closed("\(error)")) }

    func channelInactive(context: ChannelHandlerContext) { close(.closed("the server closed the connection")) }

    /// Ends the connection, and everything that waits on it.
    func close(_ fault: RedisFault) {
        guard !isClosed else { return }
        isClosed = true
        endReason = fault
        channel?.close(promise: nil)
        channel = nil
        let left = waiting
        waiting = CircularBuffer()
        sentTimes = CircularBuffer()
        var unanswered: [RedisPart] = []
        for who in left {
            switch who {
            case .part(let part): unanswered.append(part)
            case .call(let done): done(.failure(fault))
            case .nobody: break
            }
        }
        owner?.connection(self, closed: fault, unanswered: unanswered)
        owner = nil
    }
}
