import Testing
import WeirCore
import WeirTelemetry

@Suite struct LoopMetersTests {
    private func counted(_ events: [RequestEvent], limit: Int = 100, models: Int = 100) -> LoopMeters {
        let meters = LoopMeters(directory: SeriesDirectory(seriesLimit: limit, modelNameLimit: models))
        for event in events {
            meters.requestStarted()
            meters.requestEnded(event)
        }
        return meters
    }

    @Test func `a request counts in requests, tokens and spend`() {
        let text = Sample.text(counted([Sample.served(), Sample.served()]).snapshot())
        #expect(Sample.lines(text, "litellm_proxy_total_requests_metric_total{").allSatisfy { $0.hasSuffix("} 2") })
        #expect(Sample.lines(text, "litellm_spend_metric_total{").first?.hasSuffix("} 0.0000408") == true)
        #expect(Sample.lines(text, "litellm_total_tokens_metric_total{").first?.hasSuffix("} 40") == true)
        #expect(Sample.lines(text, "litellm_input_cached_tokens_metric_total{").first?.hasSuffix("} 8") == true)
        #expect(Sample.lines(text, "litellm_output_reasoning_tokens_metric_total{").first?.hasSuffix("} 4") == true)
    }

    @Test func `requests that fell back count apart, by what became of them`() {
        let served = Sample.served(model: "first")
        served.fallbacks = 1
        let failed = Sample.served(model: "first")
        failed.fallbacks = 2
        failed.status = 503
        failed.fault = .upstreamError
        let text = Sample.text(counted([Sample.served(), served, served, failed]).snapshot())
        let labels = """
            requested_model="first",fallback_model="gpt",hashed_api_key="0123456789abcdef0123456789abcdef",\
            api_key_alias="team blue",team="None",team_alias="None"
            """
        #expect(
            Sample.lines(text, "litellm_deployment_successful_fallbacks_total{") == [
                "litellm_deployment_successful_fallbacks_total{\(labels),exception_status=\"None\","
                    + "exception_class=\"None\",model_id=\"dep-1\"} 2"
            ])
        #expect(
            Sample.lines(text, "litellm_deployment_failed_fallbacks_total{") == [
                "litellm_deployment_failed_fallbacks_total{\(labels),exception_status=\"503\","
                    + "exception_class=\"Openai.ServiceUnavailableError\",model_id=\"dep-1\"} 1"
            ])
        #expect(Sample.lines(text, "litellm_deployment_success_responses_total{").count == 2)
    }

    @Test func `a fallback of the same name and status is another series than none, and the sums are right`() {
        let fell = Sample.served()
        fell.fallbacks = 1
        let text = Sample.text(counted([Sample.served(), fell, Sample.served()]).snapshot())
        #expect(Sample.lines(text, "litellm_requests_metric_total{").map { String($0.suffix(2)) } == [" 3"])
        let fallbacks = Sample.lines(text, "litellm_deployment_successful_fallbacks_total{")
        #expect(fallbacks.map { String($0.suffix(2)) } == [" 1"])
    }

    @Test func `requests that run are in flight`() {
        let meters = counted([Sample.served()])
        meters.requestStarted()
        meters.requestStarted()
        #expect(
            Sample.lines(Sample.text(meters.snapshot()), "litellm_in_flight_requests ") == [
                "litellm_in_flight_requests 2"
            ])
    }

    @Test func `a snapshot does not change when counting goes on`() {
        let meters = counted([Sample.served()])
        let before = meters.snapshot()
        let text = Sample.text(before)
        meters.requestStarted()
        meters.requestEnded(Sample.served())
        #expect(Sample.text(before) == text)
        #expect(Sample.text(meters.snapshot()) != text)
    }

    @Test func `two loops add up, whatever order they met their series in`() {
        let directory = SeriesDirectory()
        let (left, right) = (LoopMeters(directory: directory), LoopMeters(directory: directory))
        let both = LoopMeters(directory: directory)
        for event in [Sample.served(), Sample.refused(), Sample.served()] { left.requestEnded(event) }
        for event in [Sample.refused(), Sample.served(for: nil)] { right.requestEnded(event) }
        for event in [Sample.served(), Sample.refused(), Sample.served(), Sample.refused(), Sample.served(for: nil)] {
            both.requestEnded(event)
        }
        left.observeLag(nanoseconds: 20_000)
        right.observeLag(nanoseconds: 3_000_000)
        both.observeLag(nanoseconds: 20_000)
        both.observeLag(nanoseconds: 3_000_000)
        let connections = ConnectionFigures(upstreamIdle: 1, upstreamBusy: 2, upstreamConnecting: 3, clients: 4)
        let twice = ConnectionFigures(upstreamIdle: 2, upstreamBusy: 4, upstreamConnecting: 6, clients: 8)
        let sum = left.snapshot(connections: connections).merging(right.snapshot(connections: connections))
        #expect(Sample.text(sum) == Sample.text(both.snapshot(connections: twice)))
        #expect(Sample.text(MetersSnapshot().merging(sum)) == Sample.text(sum))
    }

    @Test func `after a reload the same labels go on counting, and other objects with the same index are told apart`() {
        let meters = counted([Sample.served()])
        meters.reindex()
        let again = Deployment(
            index: 0, id: "dep-1", group: "gpt", vendor: "openai", upstreamModel: "gpt-4o",
            apiBase: "http://127.0.0.1:9/v1")
        let other = Deployment(
            index: 0, id: "dep-2", group: "gpt", vendor: "openai", upstreamModel: "gpt-4o",
            apiBase: "http://127.0.0.1:9/v1")
        for deployment in [again, again, other] { meters.requestEnded(Sample.served(by: deployment)) }
        let lines = Sample.lines(Sample.text(meters.snapshot()), "litellm_deployment_total_requests_total{")
        #expect(lines.count == 2)
        #expect(lines.first { $0.contains("model_id=\"dep-1\"") }?.hasSuffix("} 3") == true)
        #expect(lines.first { $0.contains("model_id=\"dep-2\"") }?.hasSuffix("} 1") == true)
    }

    @Test func `series beyond the limit count as other, on every loop alike`() {
        let directory = SeriesDirectory(seriesLimit: 3)
        let loops = [LoopMeters(directory: directory), LoopMeters(directory: directory)]
        for number in 0..<10 {
            let key = Principal(kind: .token, keyHash: "hash-\(number)", alias: "", index: number)
            for loop in loops { loop.requestEnded(Sample.served(for: key)) }
        }
        let text = Sample.text(loops[0].snapshot().merging(loops[1].snapshot()))
        let lines = Sample.lines(text, "litellm_proxy_total_requests_metric_total{")
        #expect(lines.count == 4)
        #expect(lines.filter { $0.hasSuffix("} 2") }.count == 3)
        #expect(lines.first { $0.contains("hashed_api_key=\"other\"") }?.hasSuffix("} 14") == true)
        #expect(
            Sample.lines(text, "weir_metrics_overflow_requests_total ") == ["weir_metrics_overflow_requests_total 14"])
        #expect(Sample.lines(text, "weir_metrics_series ") == ["weir_metrics_series 4"])
    }

    @Test func `what clients write cannot make series`() {
        var events: [RequestEvent] = []
        for number in 0..<50 {
            let event = Sample.refused()
            event.requestedModel = "model-\(number)"
            event.userAgent = "agent-\(number)"
            event.clientAddress = "192.0.2.\(number)"
            events.append(event)
        }
        let text = Sample.text(counted(events).snapshot())
        let lines = Sample.lines(text, "litellm_proxy_total_requests_metric_total{")
        #expect(lines.count == 1)
        #expect(lines[0].contains("requested_model=\"unknown\""))
        #expect(lines[0].contains("client_ip=\"\",user_agent=\"\""))
    }

    @Test func `names that a wildcard takes are labels up to a limit`() {
        let events =
            (0..<20).map { Sample.served(model: "gpt-\($0)") } + [
                Sample.served(model: String(repeating: "x", count: 300))
            ]
        let text = Sample.text(counted(events, models: 5).snapshot())
        let lines = Sample.lines(text, "litellm_total_tokens_metric_total{")
        #expect(lines.count == 6)
        #expect(lines.first { $0.contains("requested_model=\"other\"") }?.hasSuffix("} 320") == true)
    }

    @Test func `a request that named no model is told from one that named an unknown one`() {
        let silent = Sample.refused()
        silent.requestedModel = ""
        let text = Sample.text(counted([silent, Sample.refused()]).snapshot())
        let lines = Sample.lines(text, "litellm_proxy_failed_requests_metric_total{")
        #expect(lines.count == 2)
        #expect(lines.contains { $0.contains("requested_model=\"None\"") })
    }

    @Test(arguments: [
        (FaultCode?.none, 200, Ending.complete, "success"), (.upstreamError, 500, .complete, "failure"),
        (nil, 503, .complete, "failure"), (.upstreamReset, 200, .upstreamBroke, "failure"),
        (nil, 0, .clientLeft, "left"), (.clientLeft, 499, .complete, "left"), (.invalidJSON, 400, .complete, "refused"),
    ])
    func `a deployment is blamed for its own failures only`(
        fault: FaultCode?, status: Int, ending: Ending, expected: String
    ) {
        let event = Sample.served()
        event.fault = fault
        event.status = status
        event.ending = ending
        let text = Sample.text(counted([event]).snapshot())
        let isServed = !Sample.lines(text, "litellm_deployment_success_responses_total{").isEmpty
        let isBlamed = !Sample.lines(text, "litellm_deployment_failure_responses_total{").isEmpty
        let isFailed = !Sample.lines(text, "litellm_proxy_failed_requests_metric_total{").isEmpty
        #expect(isServed == (expected == "success"))
        #expect(isBlamed == (expected == "failure"))
        #expect(isFailed == (expected == "failure" || expected == "refused"))
        #expect(Sample.lines(text, "litellm_deployment_total_requests_total{").count == 1)
    }

    @Test func `a client who left without a status counts as 499`() {
        let event = Sample.served()
        event.status = 0
        event.ending = .clientLeft
        let text = Sample.text(counted([event]).snapshot())
        #expect(text.contains("weir_requests_ended_total{ending=\"client_left\",fault=\"\"} 1\n"))
        #expect(text.contains("litellm_request_latency_seconds_count{model_group=\"gpt\",status_code=\"499\"} 1\n"))
    }

    @Test func `counts that no provider can mean do not make a counter run backwards`() {
        let event = Sample.served()
        event.usage = Usage(promptTokens: -5, completionTokens: Int.max, totalTokens: Int.min)
        let text = Sample.text(counted([event, event]).snapshot())
        #expect(Sample.lines(text, "litellm_input_tokens_metric_total{").first?.hasSuffix("} 0") == true)
        #expect(Sample.lines(text, "litellm_output_tokens_metric_total{").first?.hasSuffix("} 2199023255552") == true)
    }
}
