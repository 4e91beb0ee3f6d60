import Testing
import WeirCore
import WeirHTTP
import WeirTestKit

/// One client's connection: what follows what, and when it ends.
struct ConnectionTests {
    // MARK: Order

    @Test func `requests that come together are answered in their order`() throws {
        let doorway = try Doorway()
        for number in 1...3 { doorway.upstream.answer(.json(#"{"n":\#(number)}"#)) }
        let client = try doorway.client()
        try client.send(
            Say.post(Say.chat) + Say.ask("GET /health/liveliness") + Say.post(Say.chat) + Say.post(Say.chat))
        #expect(client.replies().map(\.body) == [#"{"n":1}"#, #""I'm alive!""#, #"{"n":2}"#, #"{"n":3}"#])
        #expect(client.isOpen)
        #expect(doorway.events.ended.count == 4)
    }

    @Test func `a second request waits for the first one's stream`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([Say.text], ends: false)
        doorway.upstream.answer(stream)
        doorway.upstream.answer(.json(Say.reply))
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        try client.send(Say.post(Say.chat))
        #expect(doorway.upstream.requests.count == 1)
        for piece in [Say.finish, Say.done] { stream.feed(piece) }
        stream.feed(.end)
        doorway.bench.run()
        #expect(client.replies().map(\.body) == [Say.text + Say.finish + Say.done, Say.heard])
    }

    @Test func `a request may come byte by byte`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        let client = try doorway.client()
        for byte in Say.post(Say.chat) { try client.send(String(byte)) }
        #expect(client.replies().map(\.status) == [200])
        #expect(doorway.events.ended.count == 1)
    }

    // MARK: Keeping and closing

    @Test func `a connection is kept`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        for number in 1...5 {
            try client.send(Say.ask("GET /health/liveliness"))
            #expect(client.replies().count == number)
        }
        #expect(client.isOpen)
        #expect(client.replies().allSatisfy { $0["connection"] == nil })
        #expect(doorway.door.connectionCount == 1)
    }

    @Test func `close is honoured`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send(Say.ask("GET /health/liveliness", fields: "Connection: close\r\n"))
        #expect(client.replies().map { $0["connection"] } == ["close"])
        #expect(!client.isOpen)
        #expect(doorway.door.connectionCount == 0)
    }

    @Test func `HTTP 1.0 ends the connection unless it asks to keep it`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send("GET /health/liveliness HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(client.replies().map { $0["connection"] } == ["keep-alive"])
        #expect(client.isOpen)
        try client.send("GET /health/liveliness HTTP/1.0\r\n\r\n")
        #expect(client.replies().map { $0["connection"] } == ["keep-alive", "close"])
        #expect(!client.isOpen)
    }

    @Test func `a stream to HTTP 1.0 has no chunks and ends with the connection`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.events([Say.text, Say.finish, Say.done]))
        let client = try doorway.client()
        try client.send(
            Say.post(Say.stream, fields: "Connection: keep-alive\r\n").replacing("HTTP/1.1", with: "HTTP/1.0"))
        let reply = try #require(client.replies().first)
        #expect(reply["transfer-encoding"] == nil)
        #expect(reply["content-length"] == nil)
        #expect(reply["connection"] == "close")
        #expect(reply.body == Say.text + Say.finish + Say.done)
        #expect(!client.isOpen)
    }

    @Test func `a client that closes its side is answered first`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        client.closeInput()
        #expect(client.isOpen)
        for piece in [Say.text, Say.finish, Say.done] { stream.feed(piece) }
        stream.feed(.end)
        doorway.bench.run()
        let final = try #require(client.replies().last)
        #expect(final.status == 200)
        #expect(final.body == Say.text + Say.finish + Say.done)
        #expect(!client.isOpen)
        #expect(try doorway.onlyEvent().ending == .complete)
    }

    @Test func `a client that says nothing is no request`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        client.leave()
        #expect(doorway.events.started == 0)
        #expect(doorway.door.connectionCount == 0)
    }

    // MARK: Leaving

    @Test func `a client that leaves while its upstream is asked ends the request`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.silence)
        let client = try doorway.client()
        try client.send(Say.post(Say.chat))
        client.leave()
        let event = try doorway.onlyEvent()
        #expect(event.ending == .clientLeft)
        #expect(event.status == 499)
        #expect(event.fault == .clientLeft)
        #expect(doorway.door.connectionCount == 0)
    }

    @Test func `a client that leaves in its stream ends the upstream's side`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([Say.text], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        client.leave()
        #expect(stream.isOver)
        let event = try doorway.onlyEvent()
        #expect(event.ending == .clientLeft)
        #expect(event.status == 200)
    }

    @Test func `a client that leaves within its body sent no request to the upstream`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send(String(Say.post(Say.chat).dropLast(5)))
        client.leave()
        #expect(doorway.upstream.requests.isEmpty)
        #expect(try doorway.onlyEvent().ending == .clientLeft)
    }

    // MARK: Time

    @Test func `a head that takes too long ends the connection`() throws {
        let doorway = try Doorway { $0.headTimeout = .seconds(15) }
        let client = try doorway.client()
        try client.send("GET / HTTP/1.1\r\nHost: weir\r\n")
        for _ in 0..<14 {
            doorway.bench.advance(seconds: 1)
            try client.send("X-Slow: 1\r\n")
        }
        #expect(client.isOpen)
        doorway.bench.advance(milliseconds: 1200)
        #expect(!client.isOpen)
        #expect(doorway.door.connectionCount == 0)
    }

    @Test func `a body that stops is given up with 408`() throws {
        let doorway = try Doorway { $0.bodyIdleTimeout = .seconds(30) }
        let client = try doorway.client()
        try client.send(String(Say.post(Say.chat).dropLast(5)))
        doorway.bench.advance(seconds: 31)
        #expect(!client.isOpen)
        let event = try doorway.onlyEvent()
        #expect(event.fault == .requestTimeout || event.ending == .clientLeft)
    }

    @Test func `a client of a slow body is told why`() throws {
        let doorway = try Doorway { $0.bodyIdleTimeout = .seconds(30) }
        let client = try doorway.client()
        try client.send(String(Say.post(Say.chat).dropLast(5)))
        doorway.bench.advance(seconds: 31)
        let event = try doorway.onlyEvent()
        #expect(client.replies().map(\.status) == [408])
        #expect(event.status == 408)
    }

    @Test func `a body that trickles is given up in the end`() throws {
        let doorway = try Doorway {
            $0.bodyIdleTimeout = .seconds(30)
            $0.bodyTimeout = .seconds(60)
        }
        let client = try doorway.client()
        try client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: w\r\nAuthorization: Bearer \(Doorway.key)\r\n")
        try client.send("Content-Length: 1000\r\n\r\n")
        var seconds = 0
        while client.isOpen, seconds < 120 {
            doorway.bench.advance(seconds: 5)
            seconds += 5
            if client.isOpen { try client.send(" ") }
        }
        #expect((60...70).contains(seconds))
    }

    @Test func `a connection without a request is closed after its time`() throws {
        let doorway = try Doorway { $0.idleTimeout = .seconds(75) }
        let client = try doorway.client()
        try client.send(Say.ask("GET /health/liveliness"))
        doorway.bench.advance(seconds: 74)
        #expect(client.isOpen)
        doorway.bench.advance(milliseconds: 1200)
        #expect(!client.isOpen)
        #expect(doorway.events.ended.count == 1)
    }

    @Test func `a client that takes nothing is given up and its upstream closed`() throws {
        let doorway = try Doorway { $0.sendTimeout = .seconds(60) }
        let stream = ScriptedReply.events([], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        client.setWritable(false)
        stream.feed(Say.text)
        doorway.bench.run()
        doorway.bench.advance(seconds: 61)
        #expect(!client.isOpen)
        #expect(stream.isOver)
        #expect(try doorway.onlyEvent().ending == .clientLeft)
    }

    @Test func `who takes no replies gets no further ones`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        client.setWritable(false)
        for _ in 0..<50 { try client.send(Say.ask("GET /openapi.json")) }
        #expect(doorway.events.ended.count <= 2)
        client.setWritable(true)
        #expect(client.replies().count == 50)
    }

    @Test func `an upstream is not read on while its client takes nothing`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        client.setWritable(false)
        stream.feed(Say.text)
        doorway.bench.run()
        let reads = stream.reads
        stream.feed(Say.finish)
        doorway.bench.run()
        #expect(stream.reads == reads)
        client.setWritable(true)
        #expect(stream.reads > reads)
        stream.feed(Say.done)
        stream.feed(.end)
        doorway.bench.run()
        #expect(client.replies().map(\.body) == [Say.text + Say.finish + Say.done])
    }

    @Test func `an upstream may take longer than a client may be idle`() throws {
        let doorway = try Doorway { $0.idleTimeout = .seconds(5) }
        let stream = ScriptedReply.events([], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        doorway.bench.advance(seconds: 400)
        #expect(client.isOpen)
        stream.feed(Say.finish)
        stream.feed(.end)
        doorway.bench.run()
        #expect(client.replies().map(\.status) == [200])
    }

    // MARK: Shutdown

    @Test func `draining closes connections that wait and lets requests end`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([Say.text], ends: false)
        doorway.upstream.answer(stream)
        let (idle, busy) = (try doorway.client(), try doorway.client())
        try idle.send(Say.ask("GET /health/liveliness"))
        try busy.send(Say.post(Say.stream))
        doorway.door.drain()
        doorway.bench.run()
        #expect(!idle.isOpen)
        #expect(busy.isOpen)
        stream.feed(Say.finish)
        stream.feed(.end)
        doorway.bench.run()
        #expect(busy.replies().last?.isComplete == true)
        #expect(!busy.isOpen)
        #expect(doorway.door.connectionCount == 0)
        #expect(doorway.events.ended.last?.ending == .complete)
    }

    @Test func `a request that begins while draining says that it is the last`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send("GET /health/liveliness HTTP/1.1\r\n")
        doorway.door.drain()
        try client.send("Host: w\r\n\r\n")
        #expect(client.replies().map(\.status) == [200])
        #expect(client.replies().map { $0["connection"] } == ["close"])
        #expect(!client.isOpen)
    }

    @Test func `a client that comes after the end is turned away`() throws {
        let doorway = try Doorway()
        doorway.door.drain()
        #expect(try !doorway.client().isOpen)
    }

    @Test func `stopping tells those who wait for an upstream`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.silence)
        let client = try doorway.client()
        try client.send(Say.post(Say.chat))
        doorway.door.drain()
        doorway.door.stop()
        doorway.bench.run()
        #expect(client.replies().map(\.status) == [503])
        #expect(!client.isOpen)
        #expect(try doorway.onlyEvent().fault == .shuttingDown)
    }

    @Test func `stopping ends a stream with an error event`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.events([Say.text], ends: false))
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        doorway.door.drain()
        doorway.door.stop()
        doorway.bench.run()
        let reply = try #require(client.replies().last)
        #expect(reply.body.hasPrefix(Say.text + #"data: {"error":{"message":"The gateway is shutting down"#))
        #expect(reply.body.hasSuffix("\n\n"))
        #expect(reply.isComplete)
        #expect(!client.isOpen)
        #expect(doorway.door.connectionCount == 0)
    }
}
