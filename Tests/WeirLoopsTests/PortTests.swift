import NIOCore
import NIOEmbedded
import Testing
import WeirCore
import WeirLoops
import WeirTestKit

struct PortTests {
    private let bench = LoopBench()

    private func client() throws -> MemoryClient { try MemoryClient(on: bench) { _, _ in } }

    /// Starts to read the next bytes.
    private func next(_ client: MemoryClient) -> Outcome<String?> {
        bench.start { await client.port.next()?.text }
    }

    // MARK: Reading

    @Test func `bytes are read in the order in which they came`() throws {
        let client = try client()
        for text in ["a", "b", "c"] { try client.send(text) }
        #expect(client.port.hasMore)
        for text in ["a", "b", "c"] { #expect(try next(client).get() == text) }
        #expect(!client.port.hasMore)
    }

    @Test func `who reads first waits for the bytes`() throws {
        let client = try client()
        let reading = next(client)
        #expect(!reading.isFinished)
        try client.send("late")
        #expect(try reading.get() == "late")
    }

    @Test func `what came before the end is still read`() throws {
        let client = try client()
        try client.send("last")
        client.leave()
        #expect(try next(client).get() == "last")
        #expect(try next(client).get() == nil)
        #expect(client.port.isClosed)
        #expect(client.port.failure == nil)
    }

    @Test func `who waits when the end comes gets it`() throws {
        let client = try client()
        let reading = next(client)
        client.leave()
        #expect(try reading.get() == nil)
    }

    @Test func `a half-closed peer sends no more and can be written to`() throws {
        let client = try client()
        try client.send("last")
        client.closeInput()
        #expect(client.port.isInputClosed)
        #expect(!client.port.isClosed)
        #expect(try next(client).get() == "last")
        #expect(try next(client).get() == nil)
        client.port.write(Bytes(string: "answer"))
        client.port.flush()
        #expect(client.text == "answer")
    }

    @Test func `who waits when the peer half-closes gets the end`() throws {
        let client = try client()
        let reading = next(client)
        client.closeInput()
        #expect(try reading.get() == nil)
    }

    @Test func `reading pauses above 64 KiB and goes on when most of them are taken`() throws {
        let client = try client()
        let part = String(repeating: "x", count: 16_384)
        for _ in 0..<4 { try client.send(part) }
        #expect(client.mayRead(), "64 KiB are allowed")
        try client.send("y")
        #expect(!client.mayRead())
        let reads = client.reads
        for _ in 0..<3 { _ = try next(client).get() }
        #expect(client.reads == reads, "more than a quarter waits still")
        _ = try next(client).get()
        #expect(client.reads == reads + 1)
        #expect(client.mayRead())
    }

    @Test func `a reader that keeps up is never paused`() throws {
        let client = try client()
        for _ in 0..<20 {
            let reading = next(client)
            try client.send(String(repeating: "x", count: 16_384))
            _ = try reading.get()
            #expect(client.mayRead())
        }
    }

    // MARK: Writing

    @Test func `bytes are written in order, and only when they are flushed`() throws {
        let client = try client()
        client.port.write(Bytes(string: "a"))
        client.port.write(Bytes(string: "b"))
        #expect(client.text == "")
        client.port.flush()
        #expect(client.text == "ab")
    }

    @Test func `a peer that takes nothing is waited for`() throws {
        let client = try client()
        let port = client.port
        try bench.finish { await port.writable() }
        client.setWritable(false)
        #expect(!port.isWritable)
        let waiting = bench.start { await port.writable() }
        #expect(!waiting.isFinished)
        client.setWritable(true)
        #expect(waiting.isFinished)
        #expect(port.isWritable)
    }

    @Test func `who waits to write is let go when the peer leaves`() throws {
        let client = try client()
        let port = client.port
        client.setWritable(false)
        let waiting = bench.start { await port.writable() }
        client.leave()
        #expect(waiting.isFinished)
        #expect(!port.isWritable)
    }

    @Test func `drained means that everything has gone`() throws {
        let client = try client()
        let port = client.port
        port.write(Bytes(string: "bye"))
        try bench.finish { await port.drained() }
        #expect(client.text == "bye")
    }

    @Test func `writing to a closed port does nothing`() throws {
        let client = try client()
        client.leave()
        let port = client.port
        port.write(Bytes(string: "x"))
        port.flush()
        port.close()
        try bench.finish { await port.drained() }
        #expect(client.text == "")
    }

    // MARK: Deadline

    @Test func `a deadline closes the connection and says so`() throws {
        let client = try client()
        let reading = next(client)
        client.port.setDeadline(.seconds(5))
        bench.advance(milliseconds: 5000)
        #expect(client.isOpen)
        bench.advance(milliseconds: 150)
        #expect(!client.isOpen)
        #expect(client.port.isExpired)
        #expect(client.port.failure == "timed out")
        #expect(try reading.get() == nil)
    }

    @Test func `a deadline that is cleared, moved or none does nothing`() throws {
        let client = try client()
        client.port.setDeadline(.seconds(1))
        client.port.clearDeadline()
        bench.advance(seconds: 2)
        client.port.setDeadline(.seconds(1))
        client.port.setDeadline(.seconds(100))
        bench.advance(seconds: 2)
        client.port.setDeadline(.none)
        bench.advance(seconds: 200)
        #expect(client.isOpen)
        #expect(!client.port.isExpired)
    }

    @Test func `a deadline of a closed connection does not ring`() throws {
        let client = try client()
        client.port.setDeadline(.seconds(1))
        client.leave()
        bench.advance(seconds: 2)
        #expect(!client.port.isExpired)
    }

    // MARK: Hooks

    @Test func `the hook of the end runs once, whoever ends it`() throws {
        for end in [{ (client: MemoryClient) in client.leave() }, { $0.port.close() }] {
            let client = try client()
            var calls = 0
            client.port.whenClosed { calls += 1 }
            end(client)
            client.port.close()
            client.leave()
            #expect(calls == 1)
        }
    }

    @Test func `a hook that comes too late runs at once`() throws {
        let client = try client()
        client.leave()
        var calls = 0
        client.port.whenClosed { calls += 1 }
        #expect(calls == 1)
    }

    @Test func `a later hook takes an earlier one's place`() throws {
        let client = try client()
        var calls: [String] = []
        client.port.whenClosed { calls.append("first") }
        client.port.whenClosed { calls.append("second") }
        client.leave()
        #expect(calls == ["second"])
        let other = try self.client()
        other.port.whenClosed { calls.append("third") }
        other.port.whenClosed(nil)
        other.leave()
        #expect(calls == ["second"])
    }

    @Test func `the hook of a half-close runs once and not at the end`() throws {
        let client = try client()
        var calls = 0
        client.port.whenInputClosed { calls += 1 }
        client.closeInput()
        client.closeInput()
        client.leave()
        #expect(calls == 1)
    }

    @Test func `a half-close that has been is told at once, a whole close never`() throws {
        let client = try client()
        client.closeInput()
        var calls = 0
        client.port.whenInputClosed { calls += 1 }
        #expect(calls == 1)
        let other = try self.client()
        other.port.whenInputClosed { calls += 1 }
        other.leave()
        #expect(calls == 1)
    }

    @Test func `a hook may close the port and write to it`() throws {
        let client = try client()
        let port = client.port
        var isClosed = false
        port.whenClosed {
            port.write(Bytes(string: "x"))
            port.close()
            isClosed = port.isClosed
        }
        client.leave()
        #expect(isClosed)
    }
}
