import WeirCore

/// Everything that `/metrics` tells, in Prometheus's text format.
///
/// A few microseconds per series: at the limit of 10,000 series it takes long enough that it belongs on a thread of its
/// own, never on an event loop.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// - Parameters:
    ///   - snapshot: the sum over all loops.
    ///   - process: nil leaves the `process_` metrics out.
    ///   - latencyByKey: the latency histograms are kept apart by key, as LiteLLM has it; false makes the text far smaller
    ///     where there are many keys.
    ///   - extra: further metrics, written last; one whose name is taken is left out.
    package static func render(
        _ snapshot: MetersSnapshot, gateway: GatewayFigures, process: ProcessFigures?, latencyByKey: Bool = true,
        extra: [MetricFamily] = []
    ) -> [UInt8] {
        var writer = MetricsWriter(capacity: 65_536 + snapshot.series.count * 8_192)
        writer.requests(snapshot)
        writer.latencies(snapshot, byKey: latencyByKey)
        writer.usage(snapshot)
        writer.deployments(snapshot)
        writer.inFlight(snapshot)
        for family in deploymentStates(gateway) { writer.family(family) }
        writer.own(snapshot)
        for family in own(snapshot, gateway) { writer.family(family) }
        if let process { for family in figures(process) { writer.family(family) } }
        for family in extra { writer.family(family) }
        return writer.bytes
    }

    private static func deploymentStates(_ gateway: GatewayFigures) -> [MetricFamily] {
        guard !gateway.deploymentStates.isEmpty else { return [] }
        return [
            MetricFamily(
                "litellm_deployment_state",
                help: "State of the deployment: 0 healthy, 1 partial outage, 2 complete outage.",
                kind: .gauge,
                samples: gateway.deploymentStates.map { deployment, state in
                    MetricFamily.Sample(
                        .integer(state.rawValue),
                        labels: [
                            ("litellm_model_name", deployment.upstreamModel), ("model_id", deployment.id),
                            ("api_base", deployment.apiBase.isEmpty ? SeriesLabels.absent : deployment.apiBase),
                            ("api_provider", deployment.vendor),
                        ])
                })
        ]
    }

    private static func own(_ snapshot: MetersSnapshot, _ gateway: GatewayFigures) -> [MetricFamily] {
        let connections = snapshot.connections
        let overflow = zip(snapshot.series, snapshot.tallies).reduce(into: UInt64(0)) { sum, pair in
            if pair.0.labels.isOverflow { sum &+= pair.1.requests }
        }
        return [
            one("weir_metrics_series", "Label sets that requests are counted under.", .gauge, snapshot.series.count),
            one(
                "weir_metrics_overflow_requests_total",
                "Requests counted under the label value other, because there were too many label sets.", .counter,
                Int(clamping: overflow)),
            MetricFamily(
                "weir_upstream_connections", help: "Connections to upstreams, by what they do.", kind: .gauge,
                samples: [
                    MetricFamily.Sample(.integer(connections.upstreamBusy), labels: [("state", "busy")]),
                    MetricFamily.Sample(.integer(connections.upstreamConnecting), labels: [("state", "connecting")]),
                    MetricFamily.Sample(.integer(connections.upstreamIdle), labels: [("state", "idle")]),
                ]),
            one(
                "weir_upstream_connects_total", "Connections to upstreams that were opened.", .counter,
                Int(clamping: connections.upstreamConnects)),
            one(
                "weir_upstream_connect_failures_total", "Tries to connect to an upstream that failed.", .counter,
                Int(clamping: connections.upstreamConnectFailures)),
            one("weir_client_connections", "Clients that are connected.", .gauge, connections.clients),
            one(
                "weir_log_lines_dropped_total",
                "Lines of the access log that were dropped, because the sink was slow or gone.",
                .counter, Int(clamping: gateway.logLinesDropped)),
        ] + configuration(gateway) + build(gateway)
    }

    private static func configuration(_ gateway: GatewayFigures) -> [MetricFamily] {
        var families = [
            MetricFamily(
                "weir_config_reloads_total", help: "Reloads of the configuration, by how they ended.", kind: .counter,
                samples: [
                    MetricFamily.Sample(
                        .integer(Int(clamping: gateway.reloadsFailed)), labels: [("result", "failure")]),
                    MetricFamily.Sample(
                        .integer(Int(clamping: gateway.reloadsSucceeded)), labels: [("result", "success")]),
                ]),
            MetricFamily(
                "weir_config_last_reload_error",
                help: "1 when the last reload failed and the configuration before it is in force.",
                kind: .gauge,
                samples: [
                    MetricFamily.Sample(
                        .integer(gateway.lastReloadError == nil ? 0 : 1),
                        labels: [("reason", gateway.lastReloadError ?? "")])
                ]),
        ]
        if let moment = gateway.lastReloadSuccess {
            families.append(
                MetricFamily(
                    "weir_config_last_reload_success_timestamp_seconds",
                    help: "When the configuration in force was taken.",
                    kind: .gauge, samples: [MetricFamily.Sample(.nanoseconds(moment))]))
        }
        return families
    }

    private static func build(_ gateway: GatewayFigures) -> [MetricFamily] {
        var labels = [(name: "version", value: gateway.version)]
        if let commit = gateway.commit { labels.append(("commit", commit)) }
        labels.append(("swift", gateway.swift))
        return [
            MetricFamily(
                "weir_build_info", help: "What was built, as labels; always 1.", kind: .gauge,
                samples: [MetricFamily.Sample(.integer(1), labels: labels)]),
            MetricFamily(
                "weir_uptime_seconds", help: "Time since the start.", kind: .gauge,
                samples: [MetricFamily.Sample(.nanoseconds(gateway.uptime))]),
        ]
    }

    private static func figures(_ process: ProcessFigures) -> [MetricFamily] {
        var families = [
            MetricFamily(
                "process_cpu_seconds_total", help: "User and system time of the process.", kind: .counter,
                samples: [MetricFamily.Sample(.nanoseconds(process.cpuTime))]),
            one(
                "process_resident_memory_bytes", "Memory of the process that is in RAM.", .gauge,
                Int(clamping: process.residentBytes)),
            one(
                "process_virtual_memory_bytes", "Address space of the process.", .gauge,
                Int(clamping: process.virtualBytes)),
            MetricFamily(
                "process_start_time_seconds", help: "When the process started, in seconds since 1970.", kind: .gauge,
                samples: [MetricFamily.Sample(.nanoseconds(process.startedAt))]),
            one("process_threads", "Threads of the process.", .gauge, process.threads),
            one("process_open_fds", "Files that the process has open.", .gauge, process.openFiles),
        ]
        if let limit = process.openFilesLimit {
            families.append(
                one("process_max_fds", "Files that the process may have open.", .gauge, Int(clamping: limit)))
        }
        return families
    }

    private static func one(_ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: Int) -> MetricFamily {
        MetricFamily(name, help: help, kind: kind, samples: [MetricFamily.Sample(.integer(value))])
    }
}
