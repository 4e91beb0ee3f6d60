/// `load-aware`: Weir's own strategy, for self-hosted models. The lowest score wins, among equals at random:
///
///     busy  = own attempts + those of other replicas + foreign requests
///     score = (busy + waiting + tokens under way / 4096) / weight + cache penalty + cold penalty
///
/// - *Own attempts* come first: they are exact and up to date, whatever a scrape says.
/// - *Foreign requests* are what the server says it runs and queues beyond what the replicas knew of at the scrape.
/// - *Waiting* requests count a second time: a queue means that the server's batch is full.
/// - *4096 tokens* weigh as much as one request: the prompt's prefill costs about what a short answer's decoding costs.
/// - *Cache penalty*: 16 · (use - 80 %) / 20 % above 80 % of the KV cache: a full cache preempts, which costs a prefill.
/// - *Cold penalty* 16: a model that must be loaded first costs seconds.
/// - Scraped figures count for 10 s.
///
/// With prefix affinity: of those that are not saturated, a key's prompt beginning chooses by rendezvous hashing, so that the
/// same conversation meets the same cache. *Saturated*: it has a queue, its cache is above 90 %, its model is cold, or its
/// score is above `1.5 · lowest + 4` (the shape of SGLang's router: an absolute and a relative threshold for imbalance).
package enum LoadAware {
    package struct Load: Sendable, Equatable {
        package var inFlight = 0
        package var remote = 0
        package var foreign = 0
        package var waiting = 0
        package var tokens = 0
        package var cachePercent = 0
        package var isCold = false
        package var weight = 1.0

        package init() {}
    }

    package static func score(_ load: Load) -> Double {
        let busy = Double(load.inFlight + load.remote + load.foreign + load.waiting) + Double(load.tokens) / 4096
        let cache = load.cachePercent > 80 ? Double(load.cachePercent - 80) / 20 * 16 : 0
        return busy / load.weight + cache + (load.isCold ? 16 : 0)
    }

    package static func isSaturated(_ load: Load, score: Double, lowest: Double) -> Bool {
        isFull(load) || score > saturation(lowest: lowest)
    }

    /// Saturated whatever the others do.
    static func isFull(_ load: Load) -> Bool { load.waiting > 0 || load.cachePercent > 90 || load.isCold }

    /// The greatest score of one that is not saturated.
    static func saturation(lowest: Double) -> Double { lowest * 1.5 + 4 }

    /// The beginning that stands for a conversation: the system prompt with the first message where there is one. The
    /// system prompt alone would send everyone who shares it to one replica.
    package static func key(of prefix: [UInt64]) -> UInt64 { prefix.count > 1 ? prefix[1] : prefix.first ?? 0 }
}
