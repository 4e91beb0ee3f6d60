import WeirCore

extension MetricsWriter {
    mutating func family(_ family: MetricFamily) {
        guard begin(family.name, family.kind.rawValue, family.help) else { return }
        for sample in family.samples {
            self.sample(family.name, labels: Self.labels(sample.labels), value: Self.text(sample.value))
        }
    }

    mutating func requests(_ snapshot: MetersSnapshot) {
        counter(
            "litellm_proxy_total_requests_metric_total", "Requests to the gateway.",
            LabelSchema.proxyRequests.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "litellm_proxy_failed_requests_metric_total",
            "Requests to the gateway that failed; those whose client left are not among them.",
            LabelSchema.proxyFailures.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "litellm_requests_metric_total", "Requests that a deployment served.",
            LabelSchema.requests.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "weir_requests_ended_total", "Requests by how they ended and what went wrong.",
            LabelSchema.endings.rows(of: snapshot)
        ) { $0.requests }
    }

    mutating func latencies(_ snapshot: MetersSnapshot, byKey: Bool) {
        histogram(
            "litellm_request_latency_seconds", "From a request's first byte to its reply's last.",
            LabelSchema.requestLatency.rows(of: snapshot)
        ) { $0.total }
        let rows = LabelSchema.latency(byKey: byKey).rows(of: snapshot)
        histogram(
            "litellm_request_total_latency_metric",
            "From a request's first byte to its reply's last, in seconds, where a deployment served it.", rows
        ) { $0.total }
        histogram(
            "litellm_llm_api_latency_metric", "The part of a request that its upstream was waited for, in seconds.",
            rows
        ) { $0.upstream }
        histogram(
            "litellm_llm_api_time_to_first_token_metric",
            "From a request's first byte to the first token of its stream, in seconds.", rows
        ) { $0.firstToken }
        histogram(
            "litellm_overhead_latency_metric", "What the gateway added to a request, in seconds.",
            LabelSchema.overhead(byKey: byKey).rows(of: snapshot)
        ) { $0.overhead }
    }

    mutating func usage(_ snapshot: MetersSnapshot) {
        let spend = LabelSchema.spend.rows(of: snapshot)
        if !spend.isEmpty, begin("litellm_spend_metric_total", "counter", "What requests cost, in US dollars.") {
            for row in spend {
                sample("litellm_spend_metric_total", labels: row.labels, value: row.tally.spend.description)
            }
        }
        let rows = LabelSchema.tokens.rows(of: snapshot)
        counter("litellm_total_tokens_metric_total", "Tokens of prompts and answers.", rows) { $0.totalTokens }
        counter("litellm_input_tokens_metric_total", "Tokens of prompts.", rows) { $0.promptTokens }
        counter("litellm_output_tokens_metric_total", "Tokens of answers.", rows) { $0.completionTokens }
        counter(
            "litellm_input_cached_tokens_metric_total", "Tokens of prompts that the provider had cached.", rows
        ) { $0.cachedTokens }
        counter(
            "litellm_output_reasoning_tokens_metric_total", "Tokens of answers that were reasoning.", rows
        ) { $0.reasoningTokens }
    }

    mutating func deployments(_ snapshot: MetersSnapshot) {
        counter(
            "litellm_deployment_total_requests_total", "Requests that ended at this deployment.",
            LabelSchema.deploymentRequests.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "litellm_deployment_success_responses_total", "Requests that this deployment served.",
            LabelSchema.deploymentSuccesses.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "litellm_deployment_failure_responses_total", "Requests that failed at this deployment.",
            LabelSchema.deploymentFailures.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "litellm_deployment_successful_fallbacks_total", "Requests that this fallback served.",
            LabelSchema.servedFallbacks.rows(of: snapshot)
        ) { $0.requests }
        counter(
            "litellm_deployment_failed_fallbacks_total", "Requests that failed at this fallback too.",
            LabelSchema.failedFallbacks.rows(of: snapshot)
        ) { $0.requests }
    }

    mutating func inFlight(_ snapshot: MetersSnapshot) {
        guard begin("litellm_in_flight_requests", "gauge", "Requests that are being served.") else { return }
        sample("litellm_in_flight_requests", labels: "", value: String(snapshot.inFlight))
    }

    mutating func own(_ snapshot: MetersSnapshot) {
        let bounds = BucketScale.fine.labels
        if begin("weir_overhead_seconds", "histogram", "What the gateway added to requests that went to an upstream.") {
            histogram("weir_overhead_seconds", labels: "", snapshot.overhead, bounds)
        }
        if begin("weir_event_loop_lag_seconds", "histogram", "How late the event loops came to their work.") {
            histogram("weir_event_loop_lag_seconds", labels: "", snapshot.lag, bounds)
        }
    }

    /// Nothing is written of a metric without series, as Prometheus's own libraries do.
    private mutating func counter(
        _ name: String, _ help: String, _ rows: [(labels: String, tally: Tally)], _ value: (Tally) -> UInt64
    ) {
        guard !rows.isEmpty, begin(name, "counter", help) else { return }
        for row in rows { sample(name, labels: row.labels, value: String(value(row.tally))) }
    }

    /// Series in which nothing was recorded are left out: they would be eighteen zeros each.
    private mutating func histogram(
        _ name: String, _ help: String, _ rows: [(labels: String, tally: Tally)], _ value: (Tally) -> LatencyHistogram
    ) {
        let bounds = BucketScale.request.labels
        var isBegun = false
        for row in rows {
            let recorded = value(row.tally)
            guard recorded.count > 0 else { continue }
            if !isBegun {
                guard begin(name, "histogram", help) else { return }
                isBegun = true
            }
            histogram(name, labels: row.labels, recorded, bounds)
        }
    }
}
