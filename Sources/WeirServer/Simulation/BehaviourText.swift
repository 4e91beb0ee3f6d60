import WeirCore

/// What deployments do, as a command line says it: `DEPLOYMENT=…`.
///
///     --fail DEPLOYMENT=SHARE[:CLASS][,retry-after=TIME][@FROM[-TO]]     0.3 or 30%
///     --fail DEPLOYMENT=down[:CLASS][@FROM[-TO]]
///     --fail DEPLOYMENT=flap=DOWN[/UP][:CLASS][@FROM[-TO]]
///     --fail DEPLOYMENT=slow=FACTORx|TIME[@FROM[-TO]]
///     --latency DEPLOYMENT=MEDIAN[,pN=TIME…][,token=TIME][,first=TIME]
///
/// `CLASS` is a failure class or a status; without one a share is `serverError`, down and flap are `connection`.
package enum BehaviourText {
    /// One `--fail`: the deployment as named, and what is wrong with it.
    package static func disturbance(
        _ text: String
    ) throws(SimulationFault) -> (name: String, disturbance: UpstreamBehaviour.Disturbance) {
        let (name, rest) = try split(text, option: "--fail", example: "gpt-4o#1=0.3@60s-120s")
        let halves = rest.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let (from, until) = halves.count > 1 ? try period(halves[1], text) : (0, UInt64.max)
        let parts = halves[0].split(separator: ",", omittingEmptySubsequences: false)
        var wait: UInt64?
        for part in parts.dropFirst() {
            guard part.hasPrefix("retry-after="), let time = TimeText.nanoseconds(part.dropFirst(12)) else {
                throw SimulationFault("--fail \(text): '\(part)' is not retry-after=TIME, such as retry-after=30s")
            }
            wait = UInt64(time)
        }
        let marks = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var kind: FailureClass?
        if marks.count > 1 { kind = try failure(marks[1], text) }
        let what = try what(marks[0], text)
        let isGone = marks[0] == "down" || marks[0].hasPrefix("flap=")
        let failure = Failure(kind ?? (isGone ? .connection : .serverError), retryAfter: wait)
        return (name, .init(what, failure, from: from, until: until))
    }

    /// One `--latency`: the deployment as named, and how long it takes.
    package static func latency(_ text: String) throws(SimulationFault) -> (name: String, shape: LatencyShape) {
        let (name, rest) = try split(text, option: "--latency", example: "gpt-4o#1=200ms,p99=2s")
        var percentiles: [(percent: Double, time: Double)] = []
        var perToken = 0.0
        var first: Double?
        for (index, part) in rest.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = pair.count > 1 ? pair[0] : index == 0 ? "p50" : ""
            guard let time = TimeText.nanoseconds(pair[pair.count - 1]), !key.isEmpty else {
                throw SimulationFault(
                    "--latency \(text): '\(part)' is not a time such as 200ms, pN=TIME, token=TIME or first=TIME")
            }
            switch key {
            case "token": perToken = time
            case "first": first = time
            default:
                guard key.hasPrefix("p"), let percent = Double(key.dropFirst()), percent > 0, percent < 100 else {
                    throw SimulationFault("--latency \(text): '\(key)' is not a percentile such as p50 or p99.9")
                }
                percentiles.append((percent, time))
            }
        }
        percentiles.sort { $0.percent < $1.percent }
        guard let median = percentiles.first,
            let plain = LatencyShape(percentiles: percentiles, perToken: perToken)
        else {
            throw SimulationFault(
                "--latency \(text): give a median above zero, and higher percentiles that are not lower than it")
        }
        guard let first else { return (name, plain) }
        var shape = plain
        let middle = percentiles.first { $0.percent == 50 }?.time ?? median.time
        guard first <= middle else {
            throw SimulationFault("--latency \(text): first= cannot be longer than the median of the whole")
        }
        shape.firstShare = first / middle
        return (name, shape)
    }

    // MARK: Inside

    private static func split(
        _ text: String, option: String, example: String
    ) throws(SimulationFault) -> (String, Substring) {
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex, text.index(after: sign) != text.endIndex
        else {
            throw SimulationFault("\(option) \(text): write DEPLOYMENT=WHAT, such as \(example)")
        }
        return (String(text[..<sign]), text[text.index(after: sign)...])
    }

    private static func what(
        _ word: Substring, _ text: String
    ) throws(SimulationFault) -> UpstreamBehaviour.Disturbance.What {
        if word == "down" { return .fails(share: 1) }
        if word.hasPrefix("slow=") { return try slow(word.dropFirst(5), text) }
        if word.hasPrefix("flap=") { return try flap(word.dropFirst(5), text) }
        let isPercent = word.hasSuffix("%")
        guard let number = Double(isPercent ? word.dropLast() : word), number >= 0, number <= (isPercent ? 100 : 1)
        else {
            throw SimulationFault(
                "--fail \(text): '\(word)' is not a share from 0 to 1 (0.3 or 30%), down, slow=3x, slow=2s or flap=10s/5s"
            )
        }
        return .fails(share: isPercent ? number / 100 : number)
    }

    private static func slow(
        _ word: Substring, _ text: String
    ) throws(SimulationFault) -> UpstreamBehaviour.Disturbance.What {
        if word.hasSuffix("x"), let factor = Double(word.dropLast()), factor > 0, factor <= 1e6 {
            return .slow(factor: factor, extra: 0)
        }
        guard let time = TimeText.nanoseconds(word) else {
            throw SimulationFault("--fail \(text): slow= takes a factor such as 3x or a time such as 2s")
        }
        return .slow(factor: 1, extra: time)
    }

    private static func flap(
        _ word: Substring, _ text: String
    ) throws(SimulationFault) -> UpstreamBehaviour.Disturbance.What {
        let times = word.split(separator: "/", omittingEmptySubsequences: false).map { TimeText.nanoseconds($0) ?? 0 }
        guard (1...2).contains(times.count), times.allSatisfy({ $0 >= 1e6 }) else {
            throw SimulationFault("--fail \(text): flap= takes the times down and up, such as flap=10s/5s")
        }
        return .flaps(down: UInt64(times[0]), up: UInt64(times[times.count - 1]))
    }

    private static func period(_ word: Substring, _ text: String) throws(SimulationFault) -> (UInt64, UInt64) {
        let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(ends.count), let from = TimeText.nanoseconds(ends[0]) else {
            throw SimulationFault("--fail \(text): what follows @ is a time or FROM-TO, such as @60s-120s")
        }
        guard ends.count > 1 else { return (UInt64(from), .max) }
        guard let until = TimeText.nanoseconds(ends[1]), until > from else {
            throw SimulationFault("--fail \(text): the end of @\(word) must be a time after its beginning")
        }
        return (UInt64(from), UInt64(until))
    }

    private static func failure(_ word: Substring, _ text: String) throws(SimulationFault) -> FailureClass {
        switch word {
        case "400", "413", "415", "422": return .badRequest
        case "401", "403": return .authentication
        case "402": return .quotaExhausted
        case "404": return .notFound
        case "408", "504": return .timeout
        case "429": return .rateLimited
        case "503", "529": return .overloaded
        case "500", "502": return .serverError
        default: break
        }
        let plain = word.lowercased().filter { $0.isLetter }
        if let kind = FailureClass.allCases.first(where: { $0.rawValue.lowercased() == plain }) { return kind }
        let known = FailureClass.allCases.map(\.rawValue).joined(separator: ", ")
        throw SimulationFault(
            "--fail \(text): '\(word)' is no failure class; write a status such as 503, or one of \(known)")
    }
}
