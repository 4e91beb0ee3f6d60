/// What was found out about the health of each deployment, and what that changes. Pure; nanoseconds.
struct HealthFindings {
    struct Finding: Sendable, Equatable {
        /// Nil when it is up.
        let error: String?
        let at: UInt64
    }

    enum Change: Equatable {
        case none
        case wentDown(String)
        case cameUp
    }

    /// One that is down is looked at again after this time at the latest, if that costs nothing.
    static let longestDown: UInt64 = 30_000_000_000

    private var findings: [String: Finding] = [:]
    /// Those that were told to be down.
    private var down: Set<String> = []

    /// The finding of `id` that is not older than `lifetime`.
    func finding(of id: String, at now: UInt64, lifetime: UInt64) -> Finding? {
        findings[id].flatMap { now &- $0.at <= lifetime ? $0 : nil }
    }

    mutating func note(_ id: String, _ finding: Finding) { findings[id] = finding }

    /// Whether what was noted last is news: each change is told once.
    mutating func change(of id: String) -> Change {
        guard let finding = findings[id] else { return .none }
        if let error = finding.error { return down.insert(id).inserted ? .wentDown(error) : .none }
        return down.remove(id) != nil ? .cameUp : .none
    }

    /// Forgets findings that are older than `lifetime`, and tells whose they were.
    mutating func expire(at now: UInt64, lifetime: UInt64) -> [String] {
        let old = findings.filter { now &- $0.value.at > lifetime }.map(\.key)
        for id in old { findings[id] = nil }
        return old
    }

    mutating func keepOnly(_ ids: Set<String>) {
        findings = findings.filter { ids.contains($0.key) }
        down.formIntersection(ids)
    }

    /// The pause until the next look.
    static func pause(isDown: Bool, costsTokens: Bool, interval: UInt64, random: UInt64) -> UInt64 {
        let pause = isDown && !costsTokens ? min(interval, longestDown) : interval
        return Jitter.spread(pause, random)
    }
}
