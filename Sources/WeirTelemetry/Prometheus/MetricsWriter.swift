import WeirCore

/// Prometheus's text format, version 0.0.4: bytes that grow line by line. Each metric is written once, or not at all.
struct MetricsWriter {
    private(set) var bytes: [UInt8] = []
    private var names: Set<String> = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Writes HELP and TYPE. False when the name was used before: then nothing may follow.
    mutating func begin(_ name: String, _ kind: String, _ help: String) -> Bool {
        guard names.insert(name).inserted else { return false }
        // Quotes stay as they are in a help text; only backslash and line feed are escaped.
        append("# HELP ", name, " ")
        for byte in help.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            default: bytes.append(byte)
            }
        }
        append("\n# TYPE ", name, " ")
        append(kind, "\n")
        return true
    }

    /// One sample. `labels` is the text between the braces, escaped already.
    mutating func sample(_ name: String, suffix: String = "", labels: String, value: String) {
        append(name, suffix)
        if !labels.isEmpty { append("{", labels, "}") }
        append(" ", value, "\n")
    }

    mutating func histogram(_ name: String, labels: String, _ histogram: LatencyHistogram, _ bounds: [String]) {
        let prefix = labels.isEmpty ? "{le=\"" : "{\(labels),le=\""
        var count: UInt64 = 0
        for bucket in 0..<BucketScale.count {
            count &+= histogram.buckets[bucket]
            append(name, "_bucket", prefix)
            append(bucket < bounds.count ? bounds[bucket] : "+Inf", "\"} ", String(count))
            append("\n")
        }
        sample(name, suffix: "_sum", labels: labels, value: Self.seconds(histogram.sum))
        sample(name, suffix: "_count", labels: labels, value: String(count))
    }

    /// Nanoseconds as seconds, exactly.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard fraction > 0 else { return String(whole) }
        var digits = String(1_000_000_000 + fraction).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    static func text(_ value: MetricFamily.Value) -> String {
        switch value {
        case .integer(let number): return String(number)
        case .money(let money): return money.description
        case .nanoseconds(let nanoseconds): return seconds(nanoseconds)
        case .real(let number):
            if number.isNaN { return "NaN" }
            if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
            return "\(number)"
        }
    }

    /// The text between the braces; values are escaped here.
    static func labels(_ pairs: [(name: String, value: String)]) -> String {
        var text = ""
        for (name, value) in pairs {
            if !text.isEmpty { text += "," }
            text += "\(name)=\"\(value.isEmpty ? "" : SeriesLabels.escaped(value))\""
        }
        return text
    }

    private mutating func append(_ first: String, _ second: String = "", _ third: String = "") {
        bytes.append(contentsOf: first.utf8)
        bytes.append(contentsOf: second.utf8)
        bytes.append(contentsOf: third.utf8)
    }
}
