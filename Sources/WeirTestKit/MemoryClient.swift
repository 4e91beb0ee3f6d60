package import NIOCore
import NIOEmbedded
package import WeirCore
package import WeirLoops

/// A client whose connection is memory: what it sends is read at once, what it is sent is kept.
package final class MemoryClient {
    private let bench: LoopBench
    private let channel: EmbeddedChannel
    private let gauge = ReadGauge()
    /// The server's end of the connection.
    package let port: Port
    /// Everything that came back.
    package private(set) var heard = Bytes()

    package init(on bench: LoopBench, to accept: (Port, SocketAddress?) -> Void) throws {
        self.bench = bench
        channel = EmbeddedChannel(loop: bench.loop)
        port = Port(wheel: bench.floor.wheel)
        let address = try SocketAddress(ipAddress: "192.0.2.7", port: 4711)
        try channel.pipeline.syncOperations.addHandler(gauge)
        try channel.pipeline.syncOperations.addHandler(port)
        try channel.connect(to: address).wait()
        accept(port, address)
        bench.run()
    }

    package func send(_ text: String) throws {
        try channel.writeInbound(Bytes(string: text))
        bench.run()
        listen()
    }

    /// Takes what has been written since.
    package func listen() {
        while var part = try? channel.readOutbound(as: Bytes.self) { heard.writeBuffer(&part) }
    }

    /// Everything that came back, as replies.
    package func replies(heads: Set<Int> = []) -> [HeardReply] {
        listen()
        return HeardReply.all(in: heard, heads: heads)
    }

    package var text: String {
        listen()
        return heard.text
    }

    /// The connection is closed from this side.
    package func leave() {
        channel.close(promise: nil)
        bench.run()
    }

    /// This side writes no more, and goes on reading.
    package func closeInput() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        bench.run()
    }

    /// Whether more can be written to the connection without waiting.
    package func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
        bench.run()
    }

    /// Asks the connection to read on, as its socket does after each reading; true when the port lets it.
    package func mayRead() -> Bool {
        let before = gauge.reads
        channel.pipeline.read()
        return gauge.reads > before
    }

    /// How often the connection was asked for bytes.
    package var reads: Int { gauge.reads }

    package var isOpen: Bool { channel.isActive }
}

/// Counts how often bytes are asked for.
private final class ReadGauge: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    var reads = 0

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }
}
