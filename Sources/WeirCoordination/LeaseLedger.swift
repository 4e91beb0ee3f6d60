/// What one replica knows of a limiter that it shares with others: the permits it has leased and not used, whom to give
/// them back, and what it has used that the store does not know of. A pure value: times come in, questions come out.
///
/// Why the limit holds: a permit granted at `t` is used before `t` + lease time, and counted by the store for window + lease
/// time at least. So all that is used in any window was counted together when the last of it was granted.
struct LeaseLedger: Sendable {
    private struct Lease {
        let bucket: Int64
        let granted: Int
        var available: Int
        let sentAt: UInt64
        let expiresAt: UInt64
        var use: LeaseUse
    }

    /// What was used of a lease, for those who give permits back later.
    private struct LeaseUse {
        var bucket: Int64
        var count: Int
        var from: UInt64
        var to: UInt64
    }

    /// Used without a lease; told to the store as soon as it listens.
    private struct Untold {
        var from: UInt64
        var at: UInt64
        var count: Int
    }

    private struct Batch {
        let sequence: UInt64
        var uses: [Untold]
    }

    static let leaseTime = UInt64(SharedTiming.leaseMilliseconds) * 1_000_000
    private static let grain = UInt64(SharedTiming.bucketMilliseconds) * 1_000_000
    /// How long after its question an answer may come at most and still be matched with what it gave.
    private static let answerTime: UInt64 = 60_000_000
    /// What the store last said is good for a share of it for so long.
    private static let freshTime: UInt64 = 2_000_000_000
    /// How long the store's refusal is repeated without asking again, at most.
    private static let refusalTime: UInt64 = 250_000_000
    private static let greatestUseCount = 256
    private static let greatestBackCount = 64

    private var leases: [Lease] = []
    private var uses: [LeaseUse] = []
    private var back: [(bucket: Int64, amount: Int)] = []
    private var untold: [Untold] = []
    private var batches: [Batch] = []
    private var sequence: UInt64 = 0
    /// The mean amount of a take, in 1/8.
    private var typical = 8
    private var counted = 0
    private var countedAt: UInt64?
    /// Until then `counted` is good for a share.
    private var knownUntil: UInt64 = 0
    private var refusedUntil: UInt64 = 0
    private var freesAt: UInt64 = 0
    private var refusedFrom = 0
    private var share: Int?
    private var shareSince: UInt64 = 0

    /// Permits at hand (after `expire`).
    var available: Int {
        var sum = 0
        for lease in leases { sum += lease.available }
        return sum
    }

    var isQuiet: Bool { leases.isEmpty && back.isEmpty && untold.isEmpty && batches.isEmpty }
    var hasNews: Bool { !back.isEmpty || !untold.isEmpty || !batches.isEmpty }

    /// What the store counted when it last answered, with the moment.
    var lastCounted: (count: Int, at: UInt64)? { countedAt.map { (counted, $0) } }

    // MARK: Taking

    /// Retires leases whose time is over; what is left of them goes back.
    mutating func expire(at now: UInt64) {
        guard let first = leases.first, first.expiresAt <= now else { return }
        while let lease = leases.first, lease.expiresAt <= now {
            retire(lease)
            leases.removeFirst()
        }
    }

    /// Uses `amount` of what is at hand; false when there is not enough.
    mutating func use(_ amount: Int, at now: UInt64) -> Bool {
        guard available >= amount else { return false }
        var left = amount
        for index in leases.indices where left > 0 {
            let part = min(left, leases[index].available)
            guard part > 0 else { continue }
            leases[index].available -= part
            if leases[index].use.count == 0 { leases[index].use.from = now }
            leases[index].use.to = max(now, leases[index].use.to)
            leases[index].use.count += part
            left -= part
        }
        note(amount)
        return true
    }

    /// Nanoseconds until the store's oldest permit frees, when it has just said no to such an amount; else 0.
    func refusal(of amount: Int, at now: UInt64) -> UInt64 {
        now < refusedUntil && amount >= refusedFrom ? max(freesAt, refusedUntil) - now : 0
    }

    /// What this replica may count in its window without asking: what it has, and an equal part of what was left when the
    /// store was last heard. As all do so, the sum is the limit. After a window it becomes an equal part of the limit, first
    /// for those who have more, a window later for those who have less.
    mutating func localShare(limit: Int, used: Int, replicas: Int, window: UInt64, at now: UInt64) -> Int {
        let equal = max(1, limit / max(1, replicas))
        if share == nil {
            shareSince = now
            if now < knownUntil {
                share = used + available + max(0, limit - counted) / max(1, replicas)
            } else {
                share = equal
            }
        }
        let age = now > shareSince ? now - shareSince : 0
        var allowed = share ?? equal
        if age > 2 * window + Self.freshTime {
            allowed = equal
        } else if age > window {
            allowed = min(allowed, equal)
        }
        return min(limit, max(allowed, 1))
    }

    /// Used by the local share: the store must hear of it.
    mutating func useUntold(_ amount: Int, at now: UInt64, window: UInt64) {
        note(amount)
        if let last = untold.last, now < last.from &+ Self.grain {
            untold[untold.count - 1].count += amount
            untold[untold.count - 1].at = max(now, last.at)
            return
        }
        if untold.count >= 640 { untold.removeAll { $0.at &+ window < now } }
        untold.append(Untold(from: now, at: now, count: amount))
    }

    /// Takes permits back that were taken at `takenAt`. Those of a live lease can be used again, others go to the store: to
    /// the oldest bucket that they may come from, for an older one is forgotten sooner, never later.
    mutating func giveBack(_ amount: Int, takenAt: UInt64, at now: UInt64) {
        expire(at: now)
        var left = amount
        let latest = takenAt &+ Self.answerTime
        for index in untold.indices.reversed() where left > 0 {
            guard untold[index].at >= takenAt else { break }
            guard untold[index].from <= latest else { continue }
            let part = min(left, untold[index].count)
            untold[index].count -= part
            left -= part
        }
        guard left > 0 else { return }
        var index = lowerBound(takenAt)
        while index < uses.count, left > 0, uses[index].from <= latest {
            let part = uses[index].to >= takenAt ? min(left, uses[index].count) : 0
            if part > 0 {
                uses[index].count -= part
                left -= part
                sendBack(part, bucket: uses[index].bucket)
            }
            index += 1
        }
        for index in leases.indices where left > 0 {
            guard leases[index].use.to >= takenAt, leases[index].use.from <= latest else { continue }
            let part = min(left, leases[index].use.count)
            leases[index].use.count -= part
            leases[index].available += part
            left -= part
        }
    }

    // MARK: Asking

    /// How many permits are worth having in advance; 0 when the next request comes too late to use one.
    func advance(rate: Int, limit: Int, replicas: Int) -> Int {
        let replicas = max(1, replicas)
        guard limit > RateWindow.exactLimit, limit / replicas >= 8 else { return 0 }
        let wanted = rate * SharedTiming.leaseMilliseconds / 1000
        guard wanted * 8 >= typical else { return 0 }
        let remaining = countedAt == nil ? limit : max(0, limit - counted)
        return min(wanted + wanted / 4 + 1, remaining / (4 * replicas))
    }

    /// Below half of what was granted, or of its time.
    func isLow(at now: UInt64) -> Bool {
        guard let last = leases.last else { return true }
        return available * 2 < last.granted || now &- last.sentAt > Self.leaseTime / 2
    }

    /// True until the store's refusal is over.
    func mustWait(at now: UInt64) -> Bool { now < refusedUntil }

    /// What has to be told, oldest first, and marks it as on its way.
    mutating func news(id: String, replica: String, window: UInt64, at now: UInt64) -> [SharedQuestion] {
        expire(at: now)
        var questions: [SharedQuestion] = []
        untold.removeAll { $0.count == 0 || $0.at &+ window < now }
        if !untold.isEmpty {
            sequence += 1
            batches.append(Batch(sequence: sequence, uses: untold))
            untold = []
        }
        if batches.count > 4 {
            // Telling again under another name may count twice, which is safe.
            sequence += 1
            batches = [Batch(sequence: sequence, uses: batches.flatMap(\.uses))]
        }
        for batch in batches {
            let ages = batch.uses.map { use in
                SharedUse(ageMilliseconds: Int((now > use.at ? now - use.at : 0) / 1_000_000), count: use.count)
            }
            questions.append(.restore(id: id, replica: "\(replica).\(batch.sequence)", ages: ages))
        }
        for entry in back { questions.append(.giveBack(id: id, bucket: entry.bucket, amount: entry.amount)) }
        // Whether or not this arrives: telling it twice could free what others hold.
        back = []
        return questions
    }

    /// The news up to now have arrived.
    mutating func told() { batches = [] }

    /// Takes a grant in. `sentAt` is when it was asked for, `now` when the answer came.
    /// - Returns: false when the store counts less than this replica knows to be counted: it has forgotten.
    mutating func granted(
        _ granted: Int, bucket: Int64, remaining: Int, limit: Int, window: UInt64, sentAt: UInt64, at now: UInt64
    ) -> Bool {
        expire(at: now)
        let before = limit - remaining - granted
        if remaining > 0, before < expectedCount(window: window, at: now) {
            sendBack(granted, bucket: bucket)
            return false
        }
        counted = limit - remaining
        countedAt = now
        knownUntil = now &+ Self.freshTime
        share = nil
        guard granted > 0 else { return true }
        let expiresAt = sentAt &+ Self.leaseTime
        let use = LeaseUse(bucket: bucket, count: 0, from: now, to: now)
        let lease = Lease(
            bucket: bucket, granted: granted, available: granted, sentAt: sentAt, expiresAt: expiresAt, use: use)
        if expiresAt <= now { retire(lease) } else { leases.append(lease) }
        return true
    }

    /// The store had less than was asked for, and its oldest permit frees at `frees`. It is asked again before that, now and
    /// then, because others may give back what they have not used.
    mutating func refused(from amount: Int, frees: UInt64, at now: UInt64) {
        refusedUntil = min(frees, now &+ Self.refusalTime)
        refusedFrom = amount
        freesAt = frees
    }

    /// The store has forgotten: leases are void, and all that was used is told again.
    mutating func forgot(uses all: [SharedUse], at now: UInt64) {
        leases = []
        uses = []
        back = []
        untold = []
        batches = []
        share = nil
        refusedUntil = 0
        guard !all.isEmpty else { return }
        sequence += 1
        let batch = all.map { use in
            let age = UInt64(use.ageMilliseconds) * 1_000_000
            let at = now > age ? now - age : 0
            return Untold(from: at, at: at, count: use.count)
        }
        batches = [Batch(sequence: sequence, uses: batch)]
    }

    /// Forgets what is only kept for permits given back, when nothing of the window is left.
    mutating func clearUses() { uses = [] }

    // MARK: Inside

    private func expectedCount(window: UInt64, at now: UInt64) -> Int {
        var sum = 0
        for lease in leases { sum += lease.available + lease.use.count }
        for use in uses.reversed() {
            guard use.from &+ window > now else { break }
            sum += use.count
        }
        return sum
    }

    private mutating func note(_ amount: Int) {
        typical += min(amount, 1 << 40) - typical / 8
    }

    private mutating func retire(_ lease: Lease) {
        if lease.available > 0 { sendBack(lease.available, bucket: lease.bucket) }
        guard lease.use.count > 0 else { return }
        if uses.count >= Self.greatestUseCount { shortenUses() }
        uses.append(lease.use)
    }

    /// Halves the list: two neighbours become one, in the older bucket.
    private mutating func shortenUses() {
        var kept: [LeaseUse] = []
        kept.reserveCapacity(Self.greatestUseCount)
        var index = 0
        while index < uses.count {
            var use = uses[index]
            if index + 1 < uses.count {
                use.count += uses[index + 1].count
                use.to = max(use.to, uses[index + 1].to)
            }
            kept.append(use)
            index += 2
        }
        uses = kept
    }

    private func lowerBound(_ takenAt: UInt64) -> Int {
        var low = 0
        var high = uses.count
        while low < high {
            let middle = (low + high) / 2
            if uses[middle].to < takenAt { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func sendBack(_ amount: Int, bucket: Int64) {
        guard amount > 0 else { return }
        for index in back.indices.reversed() where back[index].bucket == bucket {
            back[index].amount += amount
            return
        }
        if back.count >= Self.greatestBackCount,
            let oldest = back.indices.min(by: { back[$0].bucket < back[$1].bucket })
        {
            if back[oldest].bucket <= bucket {
                back[oldest].amount += amount
            } else {
                back[oldest] = (bucket, back[oldest].amount + amount)
            }
            return
        }
        back.append((bucket, amount))
    }
}
