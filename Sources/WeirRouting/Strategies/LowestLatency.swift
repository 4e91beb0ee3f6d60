/// `latency-based-routing`: the lowest mean of the latest latencies: time to first token when streaming and known, else the
/// time per token of the answer. Those within `lowestLatencyBuffer` of the lowest are equal; among equals at random. One
/// that was not used yet counts as 0 and so is tried first. A timeout counts as 1,000 s for a minute; LiteLLM puts it into the
/// mean, where one timeout keeps a deployment from traffic for an hour.
enum LowestLatency {
    /// The highest latency that is still as good as the lowest.
    static func bound(lowest: Double, buffer: Double) -> Double { lowest + lowest * max(buffer, 0) }
}
