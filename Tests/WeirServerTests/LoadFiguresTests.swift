import Testing

@testable import WeirServer

@Suite struct LoadFiguresTests {
    // MARK: The text format

    @Test(arguments: [
        ("a 1\n", 1.0), ("a 1", 1), ("a{} 2\n", 2), ("a{x=\"y\"} 3", 3), ("a { x = \"y\" , z=\"w\", } 4 \n", 4),
        ("a{x=\"}\\\"\\\\\\n{\"} 5\n", 5), ("a 6 1395066363000\n", 6), ("a 7 -1\r\n", 7), ("  a\t8\n", 8),
        ("a 1e3\n", 1000), ("a 1.5E-1\n", 0.15), ("a +2.5\n", 2.5), ("a -1\n", -1),
        ("# HELP a b\n# TYPE a gauge\n\n   \na 1\na{x=\"1\"} 2\nab 9\nb 9\n", 3), ("a{n=\"\u{fc}\"} 1\n", 1),
        ("a NaN\na 1\na +Inf\na -Inf\na Inf", 1),
    ])
    func `samples are read and added up`(text: String, sum: Double) throws {
        let totals = try #require(PrometheusReader.totals(of: ["a"], in: Array(text.utf8)))
        #expect(totals["a"]?.sum == sum)
    }

    @Test(arguments: [
        "a", "a \n", "a b\n", "a 1 2 3\n", "a 1 x\n", "a{ 1\n", "a{x} 1\n", "a{x=} 1\n", "a{x=\"y} 1\n",
        "a{x=\"y\" z=\"w\"} 1\n", "a{=\"y\"} 1\n", "a{x=\"y\\", "1 a\n", "{\"error\": 404}", "<html>\n", "a 0x10\n",
        "a 1_000\n", "a 1,5\n", "a\u{a0}1\n", "a infinity\n", "\u{0}", "a 1 # {} 2\n", "a -\n", "a{x=\"y\"}\n",
    ])
    func `what is not in the format is refused as a whole`(text: String) {
        #expect(PrometheusReader.totals(of: ["a"], in: Array(("b 1\n" + text).utf8)) == nil)
    }

    @Test func `every beginning of a page is read or refused, and nothing behind it is touched`() {
        let page = Array("# x\na{b=\"c\\\"\",d=\"e\"} 1.5e3 17\nvllm:num_requests_running{m=\"x\"} 2\n".utf8)
        for length in 0...page.count {
            let figures = LoadFigures(metrics: Array(page[..<length]))
            #expect(figures == nil || figures?.running == 2)
        }
    }

    @Test func `the highest of the samples is kept beside their sum`() throws {
        let text = "a 0.25\na{x=\"1\"} 0.75\na{x=\"2\"} 0.5\n"
        let total = try #require(PrometheusReader.totals(of: ["a", "b"], in: Array(text.utf8))?["a"])
        #expect(total == PrometheusReader.Total(sum: 1.5, highest: 0.75, count: 3))
    }

    // MARK: What servers say

    static let pages: [(String, LoadFigures?)] = [
        (
            """
            # HELP vllm:num_requests_running Number of requests in model execution batches.
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="meta-llama/Llama-3.1-8B"} 7.0
            vllm:num_requests_running{engine="1",model_name="meta-llama/Llama-3.1-8B"} 5.0
            vllm:num_requests_waiting{engine="0",model_name="meta-llama/Llama-3.1-8B"} 3.0
            vllm:num_requests_waiting{engine="1",model_name="meta-llama/Llama-3.1-8B"} 0.0
            vllm:kv_cache_usage_perc{engine="0",model_name="meta-llama/Llama-3.1-8B"} 0.4215
            vllm:kv_cache_usage_perc{engine="1",model_name="meta-llama/Llama-3.1-8B"} 0.93
            vllm:time_to_first_token_seconds_bucket{le="+Inf",model_name="m"} 8.0
            """, LoadFigures(running: 12, waiting: 3, cachePercent: 93)
        ),
        (
            "vllm:num_requests_running 1.0\nvllm:num_requests_waiting 0.0\nvllm:gpu_cache_usage_perc 0.5\n",
            LoadFigures(running: 1, waiting: 0, cachePercent: 50)
        ),
        (
            """
            sglang:num_running_reqs{model_name="m",tp_rank="0"} 4.0
            sglang:num_queue_reqs{model_name="m",tp_rank="0"} 2.0
            sglang:token_usage{model_name="m",tp_rank="0"} 0.28
            """, LoadFigures(running: 4, waiting: 2, cachePercent: 28)
        ),
        (
            """
            # TYPE llamacpp:requests_processing gauge
            llamacpp:requests_processing 1
            llamacpp:requests_deferred 9
            llamacpp:kv_cache_usage_ratio 0.125
            """, LoadFigures(running: 1, waiting: 9, cachePercent: 13)
        ),
        (
            "llamacpp:requests_processing 0\nllamacpp:requests_deferred 0\n",
            LoadFigures(running: 0, waiting: 0, cachePercent: 0)
        ),
        (
            "trtllm_num_requests_running 2\ntrtllm_num_requests_waiting 1\ntrtllm_kv_cache_utilization 0.5\n",
            LoadFigures(running: 2, waiting: 1, cachePercent: 50)
        ),
        (
            "vllm:num_requests_running NaN\nvllm:num_requests_running -3\nvllm:kv_cache_usage_perc 17\n",
            LoadFigures(running: 0, waiting: 0, cachePercent: 100)
        ),
        ("vllm:num_requests_running 1e300\n", LoadFigures(running: 1_000_000, waiting: 0, cachePercent: 0)),
        ("process_cpu_seconds_total 5\n", nil), ("", nil), ("<!doctype html>", nil),
    ]

    @Test(arguments: pages)
    func `pages of model servers say this`(page: String, figures: LoadFigures?) {
        #expect(LoadFigures(metrics: Array(page.utf8)) == figures)
    }

    // MARK: Models in memory

    @Test(arguments: [
        ("llama3.2", true), ("llama3.2:latest", true), ("LLAMA3.2", true), ("llama3.2:3b", false), ("qwen3:8b", true),
        ("qwen3", false), ("library/llama3.2", false), ("hf.co/x/y:Q4", true), ("hf.co/x/y", false),
        ("localhost:5000/mine", true), ("localhost:5000/mine:latest", true),
    ])
    func `a model is in memory when it is listed, by its tag or as the latest`(model: String, isLoaded: Bool) throws {
        let text = """
            {"models":[{"name":"llama3.2:latest","model":"llama3.2:latest","size":1,"details":{"name":"qwen3"}},
            {"name":"qwen3:8b"},{"model":"hf.co/x/y:Q4"},{"name":"localhost:5000/mine:latest"},7,{"name":3}]}
            """
        #expect(try #require(LoadedModels(json: Array(text.utf8))).contains(model) == isLoaded)
    }

    @Test func `no model in memory is something else than no list`() throws {
        #expect(try #require(LoadedModels(json: Array(#"{"models":[]}"#.utf8))).contains("a") == false)
        for text in ["", "{}", "[]", #"{"models":null}"#, #"{"models":{}}"#, #"{"models":["#, "404 page not found"] {
            #expect(LoadedModels(json: Array(text.utf8)) == nil, "\(text)")
        }
    }

    // MARK: Pace

    @Test func `the pause after silence doubles to fifteen seconds, after nothing from half a minute to ten minutes`() {
        let second: UInt64 = 1_000_000_000
        func pauses(_ outcome: ScrapePace.Outcome, _ count: Int) -> [UInt64] {
            var pace = ScrapePace()
            // This chance makes the jitter nothing, but for rounding.
            return (0..<count).map { _ in (pace.pause(after: outcome, interval: second, random: 1 << 63) + 5) / second }
        }
        #expect(pauses(.told, 3) == [1, 1, 1])
        #expect(pauses(.silent, 7) == [1, 2, 4, 8, 15, 15, 15])
        #expect(pauses(.nothingToTell, 7) == [30, 60, 120, 240, 480, 600, 600])
        var pace = ScrapePace()
        for _ in 0..<100 { _ = pace.pause(after: .silent, interval: .max / 1 << 40, random: 0) }
        #expect(pace.pause(after: .told, interval: second, random: 1 << 63) <= second)
        #expect(pace.failures == 0)
    }

    @Test func `the jitter is a tenth at most`() {
        #expect(Jitter.spread(1000, 0) == 900)
        #expect(Jitter.spread(1000, .max) == 1099)
        #expect(Jitter.spread(0, .max) == 0)
        #expect(Jitter.spread(.max / 2, .max) > .max / 2)
    }
}
