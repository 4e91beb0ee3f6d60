import Testing
import WeirCore
import WeirHTTP
import WeirRouting
import WeirTestKit

@testable import WeirServer

/// Two servers of one's own and one vendor, looked at every ten seconds.
private func configuration(_ checks: String = "background: true\n  interval: 10", _ info: String = "{}") -> String {
    """
    model_list:
      - model_name: chat
        litellm_params: {model: hosted_vllm/llama, api_base: "http://10.0.0.1:8000/v1"}
        model_info: \(info)
    health_checks:
      \(checks)
    """
}

@Suite struct HealthTests {
    // MARK: In the background

    @Test func `what is found is told to routing, and a change is logged once`() throws {
        let bench = try HealthBench(configuration())
        bench.upstream.answer(.json("{}"))
        bench.tick()
        #expect(try bench.state().health == .up)
        #expect(bench.lines.all == [])
        for _ in 0..<3 {
            bench.upstream.answer(.json("{}", status: 503))
            bench.tick(after: 11)
            #expect(try bench.state().health == .down)
        }
        #expect(bench.lines.all.count == 1)
        #expect(bench.lines.all.first?.contains("warning: deployment") == true)
        #expect(
            bench.lines.all.first?.hasSuffix("is down: the backend answered its health check with status 503") == true)
        for _ in 0..<3 {
            bench.upstream.answer(.json("{}"))
            bench.tick(after: 11)
            #expect(try bench.state().health == .up)
        }
        #expect(bench.lines.all.count == 2)
        #expect(bench.lines.all.last?.hasSuffix("is up again") == true)
        #expect(bench.health.counts == BackendHealth.Counts(up: 4, down: 3))
        #expect(bench.asked == Array(repeating: "GET /health HTTP/1.1", count: 7))
    }

    @Test func `nobody is asked before the interval is over, a tenth more or less`() throws {
        let bench = try HealthBench(configuration())
        for _ in 0..<2 { bench.upstream.answer(.json("{}")) }
        bench.tick()
        bench.tick(after: 8)
        #expect(bench.asked.count == 1)
        bench.tick(after: 3)
        #expect(bench.asked.count == 2)
    }

    @Test func `a backend that does not answer is asked once, not again and again`() throws {
        let bench = try HealthBench(configuration())
        bench.upstream.answer(.silence)
        bench.tick()
        bench.tick(after: 30)
        bench.tick(after: 30)
        #expect(bench.asked.count == 1)
    }

    @Test func `a finding that has grown old counts for nothing`() throws {
        let bench = try HealthBench(
            configuration("background: true\n  interval: 10\nrouter_settings: {health_check_staleness_threshold: 15}"))
        bench.upstream.answer(.json("{}", status: 500))
        bench.tick()
        #expect(try bench.state().health == .down)
        bench.upstream.answer(.silence)
        bench.tick(after: 11)
        #expect(try bench.state().health == .down)
        bench.tick(after: 5)
        #expect(try bench.state().health == .unknown)
    }

    @Test func `one that is down is looked at again after half a minute, however long the interval`() throws {
        let bench = try HealthBench(configuration("background: true\n  interval: 300"))
        bench.upstream.answer(.json("{}", status: 500))
        bench.upstream.answer(.json("{}"))
        bench.tick()
        bench.tick(after: 34)
        #expect(try bench.state().health == .up)
        bench.tick(after: 34)
        #expect(bench.asked.count == 2)
    }

    @Test func `when background checks are switched off, what they found is forgotten`() throws {
        let bench = try HealthBench(configuration())
        bench.upstream.answer(.json("{}", status: 500))
        bench.tick()
        try bench.reload(configuration("background: false"))
        #expect(try bench.state().health == .unknown)
        bench.tick(after: 60)
        #expect(bench.asked.count == 1)
    }

    @Test func `a reload leaves what was found in force`() throws {
        let bench = try HealthBench(configuration())
        bench.upstream.answer(.json("{}", status: 500))
        bench.tick()
        try bench.reload(configuration("background: true\n  interval: 20"))
        bench.tick()
        #expect(try bench.state().health == .down)
        #expect(bench.asked.count == 1)
    }

    @Test(arguments: [
        ("{disable_background_health_check: true}", "", 0),
        ("{}", "\ngeneral_settings: {background_health_check_model_groups: [other]}", 0),
        ("{}", "\ngeneral_settings: {background_health_check_model_groups: [chat]}", 1),
        ("{}", "\n  enabled: false", 0),
    ])
    func `only those are looked at that shall be`(info: String, more: String, count: Int) throws {
        let bench = try HealthBench(configuration("background: true" + more, info))
        bench.upstream.answer(.json("{}"))
        bench.tick()
        #expect(bench.asked.count == count)
    }

    @Test func `no more are asked at once than the configuration says`() throws {
        let models = (1...5).map {
            "  - {model_name: m\($0), litellm_params: {model: hosted_vllm/m, api_base: \"http://10.0.0.\($0):1\"}}"
        }
        let bench = try HealthBench(
            "model_list:\n\(models.joined(separator: "\n"))\n"
                + "general_settings: {background_health_checks: true, health_check_concurrency: 2}")
        bench.upstream.answer(.silence)
        for _ in 0..<4 { bench.upstream.answer(.json("{}")) }
        bench.tick()
        #expect(bench.asked.count == 2)
        bench.tick()
        #expect(bench.asked.count == 3)
        bench.tick()
        bench.tick()
        #expect(bench.asked.count == 5)
    }

    @Test func `questions are given up when the house stops`() throws {
        let bench = try HealthBench(configuration())
        bench.upstream.answer(.silence)
        bench.tick()
        bench.stop()
        #expect(try bench.state().health == .unknown)
        #expect(bench.lines.all == [])
        bench.tick(after: 30)
        #expect(bench.asked.count == 1)
    }

    // MARK: What counts as up

    @Test(arguments: [
        ([200], DeploymentState.Health.up), ([204], .up), ([404, 200], .up), ([405, 501], .up), ([503], .down),
        ([401], .down), ([404, 401], .down), ([429], .down), ([408], .down),
    ])
    func `statuses say this`(statuses: [Int], health: DeploymentState.Health) throws {
        let bench = try HealthBench(configuration())
        for status in statuses { bench.upstream.answer(.json("{}", status: status)) }
        bench.tick()
        #expect(try bench.state().health == health)
        #expect(bench.asked.count == statuses.count)
    }

    @Test(arguments: [(408, DeploymentState.Health.up), (429, .up), (503, .down)])
    func `transient errors are ignored where that is wanted`(status: Int, health: DeploymentState.Health) throws {
        let bench = try HealthBench(
            configuration("background: true\ngeneral_settings: {health_check_ignore_transient_errors: true}"))
        bench.upstream.answer(.json("{}", status: status))
        bench.tick()
        #expect(try bench.state().health == health)
    }

    @Test func `a timeout is a failure even then`() throws {
        let bench = try HealthBench(
            configuration("background: true\ngeneral_settings: {health_check_ignore_transient_errors: true}"))
        bench.upstream.answer(.fault(GatewayFault(.upstreamTimeout, "nothing came in time")))
        bench.tick()
        #expect(try bench.state().health == .down)
        #expect(bench.lines.all.first?.hasSuffix("is down: nothing came in time") == true)
    }

    // MARK: One token

    @Test func `a backend that knows none of the free questions is sent a call for one token, if the user wants that`()
        throws
    {
        let bench = try HealthBench(configuration("background: true\n  with_inference: true"))
        bench.upstream.answer(.json("{}", status: 404))
        bench.upstream.answer(.json("{}", status: 404))
        bench.upstream.answer(.json("{}", status: 500))
        bench.tick()
        #expect(
            bench.asked == [
                "GET /health HTTP/1.1", "GET /v1/models HTTP/1.1", "POST /v1/chat/completions HTTP/1.1",
            ])
        let body = try #require(bench.upstream.texts.last?.split(separator: "\r\n\r\n").last)
        #expect(body == #"{"model":"llama","messages":[{"role":"user","content":"hi"}],"max_tokens":1}"#)
        #expect(try bench.state().health == .down)
    }

    @Test func `where a free question is answered, no token is spent`() throws {
        let bench = try HealthBench(configuration("background: true\n  with_inference: true"))
        bench.upstream.answer(.json("{}"))
        bench.tick()
        #expect(bench.asked == ["GET /health HTTP/1.1"])
    }

    @Test func `a deployment can ask for inference alone: its health page may lie`() throws {
        let bench = try HealthBench(configuration("background: true", "{health_check_with_inference: true}"))
        bench.upstream.answer(.json(#"{"error":{"message":"CUDA error"}}"#, status: 500))
        bench.tick()
        #expect(bench.asked == ["POST /v1/chat/completions HTTP/1.1"])
        #expect(try bench.state().health == .down)
    }

    @Test(arguments: [
        ("{health_check_with_inference: true, mode: embedding}", "/v1/embeddings", #"{"model":"llama","input":"hi"}"#),
        (
            "{health_check_with_inference: true, mode: completion}", "/v1/completions",
            #"{"model":"llama","prompt":"hi","max_tokens":1}"#
        ),
        (
            "{health_check_with_inference: true, health_check_model: hosted_vllm/small, mode: rerank}", "/v1/rerank",
            #"{"model":"small","query":"hi","documents":["hi"]}"#
        ),
    ])
    func `the call suits the model`(info: String, path: String, body: String) throws {
        let bench = try HealthBench(configuration("background: true", info))
        bench.upstream.answer(.json("{}"))
        bench.tick()
        #expect(bench.asked == ["POST \(path) HTTP/1.1"])
        #expect(bench.upstream.texts.last?.hasSuffix("\r\n\r\n" + body) == true)
        #expect(try bench.state().health == .up)
    }

    @Test func `OpenAI's own models are limited by the name that they know`() throws {
        let bench = try HealthBench(
            """
            model_list:
              - model_name: gpt
                litellm_params: {model: openai/gpt-5, api_key: sk-x}
                model_info: {health_check_with_inference: true}
            health_checks: {background: true}
            """)
        bench.upstream.answer(.json(#"{"error":{"message":"output limit was reached","code":"x"}}"#, status: 400))
        bench.tick()
        #expect(bench.upstream.texts.last?.hasSuffix(#""max_completion_tokens":1}"#) == true)
        // It found fault with the question: it is there.
        #expect(try bench.state().health == .up)
    }

    @Test(arguments: ["image_generation", "audio_transcription"])
    func `a call that would cost more than tokens is not made`(mode: String) throws {
        let bench = try HealthBench(
            configuration("background: true", "{health_check_with_inference: true, mode: \(mode)}"))
        bench.upstream.answer(.json("{}"))
        bench.tick()
        #expect(bench.asked == ["GET /health HTTP/1.1"])
    }

    // MARK: On request

    @Test func `without background checks each report asks, and several at once share an answer`() throws {
        let bench = try HealthBench(configuration("background: false"))
        bench.upstream.answer(.json("{}", status: 500))
        #expect(try bench.report().endpoints.map { $0.error != nil } == [true])
        #expect(try bench.report().endpoints.map { $0.error != nil } == [true])
        #expect(bench.asked.count == 1)
        bench.bench.clock.advance(milliseconds: 2001)
        bench.upstream.answer(.json("{}"))
        #expect(try bench.report().endpoints.map { $0.error != nil } == [false])
        // Nobody would look again: routing is not told.
        #expect(try bench.state().health == .unknown)
        #expect(bench.lines.all == [])
    }

    @Test func `a report that others ask for too asks no backend twice`() throws {
        let bench = try HealthBench(configuration("background: false"))
        let reply = ScriptedReply(
            .init(status: 200, fields: HealthBench.bytes(""), contentKind: .json, contentLength: nil), [])
        bench.upstream.answer(reply)
        let first = bench.start()
        let second = bench.start()
        #expect(!first.isFinished && !second.isFinished)
        reply.feed(.end)
        bench.bench.run()
        #expect(try first.get().everyModelIsServed)
        #expect(try second.get().everyModelIsServed)
        #expect(bench.asked.count == 1)
    }

    @Test func `with background checks the last findings are given, without asking again`() throws {
        let bench = try HealthBench(configuration())
        bench.upstream.answer(.json("{}", status: 503))
        bench.tick()
        let report = try bench.report()
        #expect(report.endpoints.map(\.error) == ["the backend answered its health check with status 503"])
        #expect(!report.everyModelIsServed)
        #expect(bench.asked.count == 1)
        #expect(try bench.report(model: "chat").endpoints.count == 1)
        #expect(try bench.report(model: "other").endpoints.isEmpty)
    }

    @Test func `what tokens were spent on is not asked again within a minute`() throws {
        let bench = try HealthBench(configuration("background: false", "{health_check_with_inference: true}"))
        bench.upstream.answer(.json("{}"))
        _ = try bench.report()
        bench.bench.clock.advance(milliseconds: 59_000)
        _ = try bench.report()
        #expect(bench.asked.count == 1)
    }

    @Test func `a report asks no more at once than the configuration says, and keeps the order`() throws {
        let models = (1...5).map {
            "  - {model_name: m\($0), litellm_params: {model: hosted_vllm/m, api_base: \"http://10.0.0.\($0):1\"}}"
        }
        let bench = try HealthBench(
            "model_list:\n\(models.joined(separator: "\n"))\ngeneral_settings: {health_check_concurrency: 2}")
        let slow = ScriptedReply(
            .init(status: 200, fields: HealthBench.bytes(""), contentKind: .json, contentLength: nil), [])
        bench.upstream.answer(slow)
        for _ in 0..<3 { bench.upstream.answer(.silence) }
        bench.upstream.answer(.json("{}"))
        let report = bench.start()
        #expect(bench.asked.count == 2)
        slow.feed(.end)
        bench.bench.run()
        #expect(bench.asked.count == 3)
        bench.stop()
        let endpoints = try report.get().endpoints
        #expect(endpoints.map(\.deployment.group) == ["m1", "m2", "m3", "m4", "m5"])
        #expect(endpoints.map { $0.error == nil } == [true, false, false, false, false])
    }

    @Test func `models that answer here are up`() throws {
        let bench = try HealthBench(
            """
            model_list:
              - {model_name: echo, litellm_params: {model: echo/echo}}
            health_checks: {background: true}
            general_settings: {health_check_details: false}
            """)
        bench.tick()
        let report = try bench.report()
        #expect(report.endpoints.map(\.error) == [nil])
        #expect(!report.showsDetails)
        #expect(bench.asked == [])
    }
}
