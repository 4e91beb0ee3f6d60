import Testing
import WeirCore
import WeirTelemetry

@Suite struct PrometheusTextTests {
    private let text: String = {
        let meters = LoopMeters(directory: SeriesDirectory())
        for event in [Sample.served(), Sample.refused()] {
            meters.requestStarted()
            meters.requestEnded(event)
        }
        return Sample.text(meters.snapshot())
    }()

    @Test func `the text of two requests is this`() {
        let found = text.split(separator: "\n", omittingEmptySubsequences: false)
        let expected = goldenMetrics.split(separator: "\n", omittingEmptySubsequences: false)
        for (line, golden) in zip(found, expected) where line != golden {
            Issue.record("found \(line), expected \(golden)")
        }
        #expect(found.count == expected.count)
    }

    @Test func `each metric has one help and one type, before its samples, and no series comes twice`() {
        var types: [String] = []
        var series: Set<String> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                types.append(String(line.split(separator: " ")[2]))
            } else if !line.hasPrefix("#"), let end = line.lastIndex(of: " ") {
                #expect(series.insert(String(line[..<end])).inserted, "twice: \(line)")
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(types.last.map { name.hasPrefix($0) } == true, "not below its type: \(line)")
            }
        }
        #expect(Set(types).count == types.count)
        #expect(types.count == Sample.lines(text, "# HELP ").count)
    }

    @Test(arguments: [
        (UInt64(5_000_000), "0.005", "0.0025"), (5_000_001, "0.01", "0.005"), (1_000_000_000, "1.0", "0.5"),
        (600_000_000_000, "600.0", "420.0"), (600_000_000_001, "+Inf", "600.0"), (0, "0.005", ""),
    ])
    func `a duration falls into the first bucket whose bound it does not exceed`(
        duration: UInt64, within: String, below: String
    ) {
        let event = Sample.served()
        event.duration = duration
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.requestEnded(event)
        let buckets = Sample.lines(Sample.text(meters.snapshot()), "litellm_request_latency_seconds_bucket{")
        #expect(buckets.count == 18)
        #expect(buckets.first { $0.contains("le=\"\(within)\"") }?.hasSuffix(" 1") == true)
        #expect(buckets.first { $0.contains("le=\"\(below)\"") }?.hasSuffix(" 0") != false)
    }

    @Test(arguments: [
        (UInt64(10_000), "1e-05"), (10_001, "2.5e-05"), (30_000_000_000, "30.0"), (30_000_000_001, "+Inf"),
    ])
    func `the fine scale holds to its bounds`(lag: UInt64, within: String) {
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.observeLag(nanoseconds: lag)
        let buckets = Sample.lines(Sample.text(meters.snapshot()), "weir_event_loop_lag_seconds_bucket{")
        #expect(buckets.first { $0.hasSuffix(" 1") }?.contains("le=\"\(within)\"") == true)
    }

    @Test func `quotes, backslashes and line feeds in labels are escaped`() {
        let key = Principal(kind: .token, keyHash: "h", alias: "a\"b\\c\nd{}é", index: 0)
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.requestEnded(Sample.served(for: key))
        let extra = MetricFamily(
            "weir_test", help: "one\ntwo\\", kind: .gauge,
            samples: [.init(.real(0.5), labels: [("a", "x\ny"), ("b", "")])])
        let text = Sample.text(meters.snapshot(), extra: [extra])
        #expect(text.contains(#"api_key_alias="a\"b\\c\nd{}é","#))
        #expect(
            text.contains("# HELP weir_test one\\ntwo\\\\\n# TYPE weir_test gauge\nweir_test{a=\"x\\ny\",b=\"\"} 0.5\n")
        )
    }

    @Test func `a metric that is handed in does not come twice`() {
        let family = MetricFamily("weir_uptime_seconds", help: "x", kind: .gauge, samples: [.init(.integer(7))])
        let text = Sample.text(MetersSnapshot(), extra: [family])
        #expect(Sample.lines(text, "weir_uptime_seconds ") == ["weir_uptime_seconds 1.5"])
    }

    @Test func `latencies can be told without keys`() {
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.requestEnded(Sample.served())
        meters.requestEnded(Sample.served(for: nil))
        let lines = Sample.lines(
            Sample.text(meters.snapshot(), latencyByKey: false), "litellm_request_total_latency_metric_count{")
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix("} 2") == true)
    }

    @Test func `money is written with all its decimals`() {
        let event = Sample.served()
        event.cost = Money(attodollars: 1)
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.requestEnded(event)
        event.cost = Money("123456789")
        meters.requestEnded(event)
        let lines = Sample.lines(Sample.text(meters.snapshot()), "litellm_spend_metric_total{")
        #expect(lines.first?.hasSuffix("} 123456789.000000000000000001") == true)
    }

    @Test func `this process has figures`() throws {
        let figures = try #require(ProcessFigures.read())
        #expect(figures.residentBytes > 1_000_000)
        #expect(figures.openFiles >= 3)
        #expect(figures.threads >= 1)
        #expect(figures.startedAt > 1_600_000_000_000_000_000)
    }

    @Test(arguments: [
        (FaultCode?.some(.upstreamError), 429, "Openai.RateLimitError"), (.upstreamTimeout, 504, "Openai.Timeout"),
        (.upstreamReset, 502, "Openai.APIConnectionError"), (nil, 500, "Openai.InternalServerError"),
        (.keyUnknown, 401, "ProxyException"), (.modelUnknown, 400, "ProxyModelNotFoundError"),
    ])
    func `a failure is named as LiteLLM names it`(fault: FaultCode?, status: Int, expected: String) {
        let event = Sample.served()
        event.fault = fault
        event.status = status
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.requestEnded(event)
        let lines = Sample.lines(Sample.text(meters.snapshot()), "litellm_proxy_failed_requests_metric_total{")
        #expect(lines.first?.contains("exception_status=\"\(status)\",exception_class=\"\(expected)\"") == true)
    }

    @Test func `the master key is LiteLLM's default user`() {
        let meters = LoopMeters(directory: SeriesDirectory())
        meters.requestEnded(
            Sample.served(for: Principal(kind: .master, keyHash: "litellm_proxy_master_key", alias: "", index: 0)))
        let line = Sample.lines(Sample.text(meters.snapshot()), "litellm_requests_metric_total{").first
        #expect(line?.contains("api_key_alias=\"None\"") == true)
        #expect(line?.contains("user=\"default_user_id\"") == true)
    }
}
