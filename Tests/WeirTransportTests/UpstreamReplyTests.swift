import Testing
import WeirCore
import WeirLoops
import WeirTestKit
import WeirTransport

/// How replies are framed, and what breaks them.
struct UpstreamReplyTests {
    private func heard(_ text: String) async throws -> Loopback.Heard {
        let holder = Holder()
        try await Loopback.run { loopback in
            let (heard, counts) = try await loopback.heard(text)
            #expect(counts.busy == 0, "a connection was lost")
            holder.heard = heard
            let (passed, after) = try await loopback.heard(text, passed: true)
            #expect(after.busy == 0, "a connection was lost")
            #expect(passed.status == heard.status && passed.fault?.code == heard.fault?.code)
            #expect(passed.body == heard.body || heard.fault != nil)
        }
        return holder.heard
    }

    private final class Holder { var heard = Loopback.Heard() }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", 200, "hello"),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=1\r\nllo\r\n0\r\nt: 1\r\n\r\n", 200,
            "hello"
        ),
        ("HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello"), ("HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello"),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", 304, ""),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, ""),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200\r\ncontent-length: 1\r\n\r\nx",
            200, "x"
        ),
        ("HTTP/1.1 500 Oh\r\ncontent-length: 2\r\n\r\nno", 500, "no"),
    ])
    func `a reply is read in each of its forms`(text: String, status: Int, body: String) async throws {
        let heard = try await heard(text)
        #expect(heard.fault == nil)
        #expect(heard.status == status)
        #expect(heard.body == body)
    }

    @Test(arguments: [
        ("", FaultCode.upstreamReset), ("HTTP/1.1 200 OK\r\ncontent-le", .upstreamReset),
        ("HTTP/1.1 100 Continue\r\n\r\n", .upstreamReset),
        ("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nhello", .upstreamReset),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", .upstreamReset),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel", .upstreamReset),
        ("SSH-2.0-OpenSSH_9.2\r\n", .upstreamGarbled), ("HTTP/2.0 200 OK\r\n\r\n", .upstreamGarbled),
        ("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", .upstreamGarbled),
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", .upstreamGarbled),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", .upstreamGarbled),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n", .upstreamGarbled),
        ("HTTP/1.1 200 OK\r\nx: \(String(repeating: "x", count: 70_000))\r\n\r\n", .upstreamGarbled),
    ])
    func `a reply that breaks the rules, or off, is a fault`(text: String, code: FaultCode) async throws {
        #expect(try await heard(text).fault?.code == code)
    }

    @Test func `a body is handed on as it comes, to who has enough now and then`() async throws {
        let words = (0..<40).map { "word \($0) " }
        try await Loopback.run { loopback in
            let floor = loopback.floor
            let server = try await ScriptedServer.start(on: floor) { end in
                _ = await end.request()
                end.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                for word in words {
                    await floor.run {}
                    end.say(String(word.utf8.count, radix: 16) + "\r\n" + word + "\r\n")
                }
                end.say("0\r\n\r\n")
                _ = await end.request()
            }
            let pool = await loopback.pool()
            let heard = await loopback.exchange(pool, Loopback.request(server.port), passed: true)
            #expect(heard.fault == nil)
            #expect(heard.body == words.joined())
            #expect(await pool.run { $0.counts }.idle == 1, "the connection can be used again")
            await server.close()
        }
    }

    @Test func `fields between two hops and about framing stay behind`() async throws {
        let fields =
            "Content-Type: application/json\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "X-Request-ID: r\r\nContent-Length: 2\r\nUpgrade: h2c\r\n"
        let heard = try await heard("HTTP/1.1 200 OK\r\n\(fields)\r\n{}")
        #expect(heard.fields == "Content-Type: application/json\r\nX-Request-ID: r\r\n")
        #expect(heard.length == 2)
    }

    @Test(arguments: [
        ("application/json", ReplyHead.ContentKind.json), ("application/json; charset=utf-8", .json),
        ("Application/JSON;x", .json), ("text/event-stream", .eventStream),
        ("text/event-stream; charset=utf-8", .eventStream), ("text/html", .other), ("application/jsonl", .other),
    ])
    func `what a body is follows from its type`(type: String, kind: ReplyHead.ContentKind) async throws {
        #expect(try await heard("HTTP/1.1 200 OK\r\ncontent-type: \(type)\r\ncontent-length: 0\r\n\r\n").kind == kind)
    }

    @Test(arguments: [("gzip", true), ("identity", false), ("Identity", false), ("br", true)])
    func `a body that is encoded is known`(coding: String, isEncoded: Bool) async throws {
        let text = "HTTP/1.1 200 OK\r\ncontent-encoding: \(coding)\r\ncontent-length: 0\r\n\r\n"
        #expect(try await heard(text).isEncoded == isEncoded)
    }

    @Test func `models are listed by a server that has some`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.reply(#"{"object":"list","data":[{"id":"llama3:8b"},{"id":"g\u0065mma"},{"name":"x"}]}"#)
            }
            let (floor, port) = (loopback.floor, server.port)
            let names = await floor.task { await ModelList.ask(port: port, on: floor, .seconds(5)) }
            #expect(names == ["llama3:8b", "gemma"])
            #expect(server.requests.first?.hasPrefix("GET /v1/models HTTP/1.1\r\n") == true)
            await server.close()
            #expect(await floor.task { await ModelList.ask(port: port, on: floor, .seconds(5)) } == [])
        }
    }
}
