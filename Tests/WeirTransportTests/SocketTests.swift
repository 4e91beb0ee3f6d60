import NIOCore
import Testing
import WeirCore
import WeirLoops
import WeirTestKit

/// Ports on real sockets: what is written goes to the kernel past the channel's queue.
struct SocketTests {
    /// `count` bytes of a text that differs from one thousand to the next, from the place `start` in it.
    private static func text(_ count: Int, from start: Int) -> Bytes {
        var text = ByteBufferAllocator().buffer(capacity: count)
        var at = start
        while at < start + count {
            let length = min(1000 - at % 1000, start + count - at)
            text.writeRepeatingByte(UInt8(truncatingIfNeeded: at / 1000), count: length)
            at += length
        }
        return text
    }

    private final class Received {
        var bytes = Bytes()
    }

    @Test(arguments: [
        [1], [5, 7], [100, 20_000], [1, 2, 3, 4], [8_000_000], [3, 6_000_000, 5], [4_000_000, 4_000_000],
    ])
    func `what is written arrives whole and in order, however much the kernel takes at once`(
        _ sizes: [Int]
    ) async throws {
        try await Loopback.run { loopback in
            let floor = loopback.floor
            let total = sizes.reduce(0, +)
            let server = try await ScriptedServer.start(on: floor) { end in
                _ = await end.request()
                var start = 0
                for size in sizes {
                    end.port.write(Self.text(size, from: start))
                    start += size
                }
                end.port.flush()
                // Behind what the kernel did not take, so that it has to wait its turn.
                end.port.write(Self.text(9, from: total))
                end.port.flush()
                await end.port.drained()
            }
            let received: Bytes = await floor.task {
                let port = try? await Connector.connect(
                    on: floor, host: "127.0.0.1", port: server.port, timeout: .seconds(600))
                port?.write(Bytes(string: "GET / HTTP/1.1\r\nhost: x\r\n\r\n"))
                port?.flush()
                let received = Received()
                while let part = await port?.next() { received.bytes.writeImmutableBuffer(part) }
                return received.bytes
            }
            #expect(received == Self.text(total + 9, from: 0))
            await server.close()
        }
    }

    @Test func `a port whose peer is gone takes what is written, and is closed`() async throws {
        try await Loopback.run { loopback in
            let floor = loopback.floor
            let server = try await ScriptedServer.start(on: floor) { _ in }
            let isClosed = await floor.task {
                let port = try? await Connector.connect(
                    on: floor, host: "127.0.0.1", port: server.port, timeout: .seconds(600))
                _ = await port?.next()
                for _ in 0..<50 {
                    port?.write(Bytes(string: "nobody reads this"))
                    port?.flush()
                    await floor.run {}
                }
                port?.close()
                return port?.isClosed
            }
            #expect(isClosed == true)
            await server.close()
        }
    }
}
