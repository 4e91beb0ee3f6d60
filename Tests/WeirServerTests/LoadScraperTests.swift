import Synchronization
import Testing
import WeirCore
import WeirTestKit

@testable import WeirRouting
@testable import WeirServer

@Suite struct LoadScraperTests {
    private static func configuration(
        _ strategy: String = "load-aware", _ models: String = vllm, arguments: String = "{}"
    ) -> String {
        """
        model_list:
        \(models)
        router_settings:
          routing_strategy: \(strategy)
          routing_strategy_args: \(arguments)
        """
    }

    private static let vllm = """
          - {model_name: chat, litellm_params: {model: hosted_vllm/llama, api_base: "http://10.0.0.1:8000/v1"}}
        """
    private static let page =
        "vllm:num_requests_running 6\nvllm:num_requests_waiting 2\nvllm:kv_cache_usage_perc 0.5\n"

    private static func text(_ text: String, status: Int = 200) -> ScriptedReply {
        let body = HealthBench.bytes(text)
        let head = ReplyHead(status: status, fields: HealthBench.bytes(""), contentKind: .other, contentLength: nil)
        return ScriptedReply(head, [.bytes(body), .end])
    }

    @Test func `a server's figures are told to its deployment, every second`() throws {
        let bench = try HealthBench(Self.configuration())
        bench.upstream.answer(Self.text(Self.page))
        bench.tick()
        #expect(bench.asked == ["GET /metrics HTTP/1.1"])
        let state = try bench.state()
        #expect(state.scrapedWaiting.load(ordering: .relaxed) == 2)
        #expect(state.scrapedForeign.load(ordering: .relaxed) == 8)
        #expect(state.scrapedCache.load(ordering: .relaxed) == 50)
        #expect(state.scrapedAt.load(ordering: .relaxed) == bench.bench.clock.now)
        bench.tick()
        #expect(bench.asked.count == 1)
        bench.upstream.answer(Self.text(Self.page))
        bench.tick(after: 2)
        #expect(bench.asked.count == 2)
        #expect(bench.scraper.counts == LoadScraper.Counts(told: 2))
    }

    @Test(arguments: ["simple-shuffle", "least-busy", "latency-based-routing"])
    func `nobody is asked for groups that do not look at it`(strategy: String) throws {
        let bench = try HealthBench(Self.configuration(strategy))
        bench.tick()
        #expect(bench.asked == [])
    }

    @Test func `a group's own strategy counts`() throws {
        let bench = try HealthBench(
            Self.configuration("simple-shuffle", arguments: "{}")
                + "\n  model_group_routing_strategy: {chat: load-aware}")
        bench.upstream.answer(Self.text(Self.page))
        bench.tick()
        #expect(bench.asked == ["GET /metrics HTTP/1.1"])
    }

    @Test func `a server of several deployments is asked once, and one question at a time`() throws {
        let models = """
              - {model_name: chat, litellm_params: {model: hosted_vllm/a, api_base: "http://10.0.0.1:8000/v1"}}
              - {model_name: chat, litellm_params: {model: hosted_vllm/b, api_base: "http://10.0.0.1:8000"}}
              - {model_name: chat, litellm_params: {model: openai/c, api_base: "http://10.0.0.2:8000/x/v1"}}
            """
        let bench = try HealthBench(Self.configuration("load-aware", models))
        bench.upstream.answer(.silence)
        bench.upstream.answer(.silence)
        bench.tick()
        bench.tick(after: 5)
        #expect(bench.asked.sorted() == ["GET /metrics HTTP/1.1", "GET /x/metrics HTTP/1.1"])
    }

    @Test func `vendors and models that answer here are not asked`() throws {
        let models = """
              - {model_name: chat, litellm_params: {model: openai/gpt-4o, api_key: sk-x}}
              - {model_name: chat, litellm_params: {model: groq/llama, api_key: sk-x}}
              - {model_name: chat, litellm_params: {model: echo/echo}}
            """
        let bench = try HealthBench(Self.configuration("load-aware", models))
        bench.tick()
        #expect(bench.asked == [])
    }

    @Test(arguments: [404, 405, 501, 401, 403, 200])
    func `a server without such a page is left alone for half a minute`(status: Int) throws {
        let bench = try HealthBench(Self.configuration())
        bench.upstream.answer(Self.text("nothing here", status: status))
        bench.upstream.answer(Self.text(Self.page))
        bench.tick()
        bench.tick(after: 26)
        #expect(bench.asked.count == 1)
        bench.tick(after: 8)
        #expect(bench.asked.count == 2)
        #expect(bench.scraper.counts == LoadScraper.Counts(told: 1, nothingToTell: 1))
    }

    @Test func `a server that does not answer is asked again soon`() throws {
        let bench = try HealthBench(Self.configuration())
        bench.upstream.answer(.fault(GatewayFault(.upstreamRefused, "refused")))
        bench.upstream.answer(Self.text(Self.page))
        bench.tick()
        bench.tick(after: 2)
        #expect(bench.scraper.counts == LoadScraper.Counts(told: 1, silent: 1))
    }

    @Test func `a page beyond the limit is not read on`() throws {
        let bench = try HealthBench(Self.configuration())
        let reply = ScriptedReply(
            .init(status: 200, fields: HealthBench.bytes(""), contentKind: .other, contentLength: nil), [])
        let line = String(repeating: "x", count: 99) + " 1\n"
        let piece = String(repeating: line, count: 11_000)
        bench.upstream.answer(reply)
        bench.tick()
        for _ in 0..<2 {
            reply.feed(piece)
            bench.bench.run()
        }
        #expect(reply.isCancelled)
        #expect(bench.scraper.counts == LoadScraper.Counts(nothingToTell: 1))
    }

    @Test func `Ollama is asked what it has in memory`() throws {
        let models = """
              - {model_name: chat, litellm_params: {model: ollama/llama3, api_base: "http://10.0.0.1:11434"}}
              - {model_name: chat, litellm_params: {model: ollama_chat/qwen3, api_base: "http://10.0.0.1:11434"}}
            """
        let bench = try HealthBench(Self.configuration("load-aware", models))
        bench.upstream.answer(.json(#"{"models":[{"name":"llama3:latest"}]}"#))
        bench.tick()
        #expect(bench.asked == ["GET /api/ps HTTP/1.1"])
        #expect(try bench.state(0).residence == .loaded)
        #expect(try bench.state(1).residence == .cold)
        bench.upstream.answer(.fault(GatewayFault(.upstreamRefused, "refused")))
        bench.tick(after: 2)
        #expect(try bench.state(1).residence == .unknown)
    }

    @Test func `after a reload without the strategy nothing is held against a cold model`() throws {
        let models = """
              - {model_name: chat, litellm_params: {model: ollama/llama3, api_base: "http://10.0.0.1:11434"}}
            """
        let bench = try HealthBench(Self.configuration("load-aware", models))
        bench.upstream.answer(.json(#"{"models":[]}"#))
        bench.tick()
        #expect(try bench.state().residence == .cold)
        try bench.reload(Self.configuration("simple-shuffle", models))
        #expect(try bench.state().residence == .unknown)
        bench.tick(after: 60)
        #expect(bench.asked.count == 1)
    }

    @Test func `the interval is the configuration's, also after a reload`() throws {
        let bench = try HealthBench(Self.configuration(arguments: "{metrics_interval: 60}"))
        for _ in 0..<3 { bench.upstream.answer(Self.text(Self.page)) }
        bench.tick()
        bench.tick(after: 50)
        #expect(bench.asked.count == 1)
        try bench.reload(Self.configuration(arguments: "{metrics_interval: 2}"))
        bench.tick(after: 3)
        #expect(bench.asked.count == 2)
        bench.tick(after: 3)
        #expect(bench.asked.count == 3)
    }
}
