/// How busy a model server says it is.
struct LoadFigures: Equatable {
    /// Requests in its batch.
    var running: Int
    /// Requests in its queue.
    var waiting: Int
    /// How full the KV cache is, 0 to 100; 0 when it does not tell.
    var cachePercent: Int

    /// The names that one kind of server uses. Requests are added up over all series (engines, ranks); of the caches the
    /// fullest counts.
    struct Dialect {
        let running: String
        let waiting: String
        /// Shares of 1, the first that occurs counts.
        let cache: [String]
    }

    /// vLLM renamed its cache's metric with its V1 engine; llama.cpp has taken its own out of newer releases.
    static let dialects = [
        Dialect(
            running: "vllm:num_requests_running", waiting: "vllm:num_requests_waiting",
            cache: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"]),
        Dialect(
            running: "sglang:num_running_reqs", waiting: "sglang:num_queue_reqs", cache: ["sglang:token_usage"]),
        Dialect(
            running: "llamacpp:requests_processing", waiting: "llamacpp:requests_deferred",
            cache: ["llamacpp:kv_cache_usage_ratio"]),
        Dialect(
            running: "trtllm_num_requests_running", waiting: "trtllm_num_requests_waiting",
            cache: ["trtllm_kv_cache_utilization"]),
    ]

    private static let names = dialects.flatMap { [$0.running, $0.waiting] + $0.cache }

    init(running: Int, waiting: Int, cachePercent: Int) {
        self.running = running
        self.waiting = waiting
        self.cachePercent = cachePercent
    }

    /// Reads a page of metrics. Nil when it is none, or when no server that is known here wrote it.
    init?(metrics text: [UInt8]) {
        guard let totals = PrometheusReader.totals(of: Self.names, in: text),
            let dialect = Self.dialects.first(where: { totals[$0.running] != nil })
        else { return nil }
        let cache = dialect.cache.lazy.compactMap { totals[$0]?.highest }.first ?? 0
        running = Self.whole(totals[dialect.running]?.sum ?? 0)
        waiting = Self.whole(totals[dialect.waiting]?.sum ?? 0)
        cachePercent = min(Self.whole(cache * 100), 100)
    }

    /// What no server can mean counts as the nearest that one can.
    private static func whole(_ number: Double) -> Int { Int(min(max(number.rounded(), 0), 1_000_000)) }
}
