/// What replicas share, as questions to a store that all of them reach. The store decides by its own clock.
///
/// Window rule: the store keeps a ring of buckets of `SharedTiming.bucketMilliseconds` for each limiter; a bucket's number
/// is the store's clock in milliseconds divided by that width. It grants `min(amount, limit - counted)`, where `counted` is
/// the sum of the buckets that have not yet been over for window + `SharedTiming.holdMilliseconds`. Buckets that lie in
/// the store's future (its clock was set back) are counted too.
package enum SharedQuestion: Sendable, Equatable {
    /// A lease of at most `amount` permits of the limiter `id`; less than `atLeast` is answered with none.
    case lease(id: String, limit: Int, windowMilliseconds: Int, amount: Int, atLeast: Int)
    /// Permits of a lease that were not used: back to the bucket that granted them, or an older one. A bucket never gets
    /// below zero, and one that is no longer known stays unknown.
    case giveBack(id: String, bucket: Int64, amount: Int)
    /// What this replica used while the store was away or before it forgot: `ages` are milliseconds before now, each with
    /// its count. Counts of one question that fall into one bucket are added. The store keeps, for each replica and bucket, the
    /// greatest count that was told; these counts come on top
    /// of what was leased. So telling twice is harmless, and what a replica tells is never lowered by telling less.
    case restore(id: String, replica: String, ages: [SharedUse])
    /// This replica holds `held` slots of `id` and would like `wanted` in all; the answer replaces what the store had noted
    /// for it. Slots of replicas whose heartbeat is older than `SharedTiming.deadMilliseconds` are free (asking for slots is
    /// a sign of life too). The answer is `max(held, min(wanted, limit - slots of the others))`.
    case slots(id: String, limit: Int, replica: String, held: Int, wanted: Int)
    /// This replica lives and tells `report`; answers with every living replica (this one included) and its report.
    case heartbeat(replica: String, report: [UInt8])
}

/// The times that every replica and every store must agree on.
package enum SharedTiming {
    /// The width of a store's bucket.
    package static let bucketMilliseconds = 50
    /// How long a lease may be used, counted by the replica from the moment it asked.
    package static let leaseMilliseconds = 100
    /// How long a bucket is still counted after window and bucket are over: the lease, and 25 ms for clocks of which one
    /// runs up to 0.04 % faster than the other over a minute.
    package static let holdMilliseconds = 125
    /// A replica is taken for dead when its last heartbeat is older than this.
    package static let deadMilliseconds = 3000
}

/// Permits used at one time.
package struct SharedUse: Sendable, Equatable {
    package let ageMilliseconds: Int
    package let count: Int

    package init(ageMilliseconds: Int, count: Int) {
        self.ageMilliseconds = ageMilliseconds
        self.count = count
    }
}

/// The answer to one `SharedQuestion`, of the same case.
package enum SharedAnswer: Sendable, Equatable {
    /// `bucket` names the bucket that granted; `remaining` is what is left after this grant; when nothing was granted,
    /// `freesAfterMilliseconds` tells when the oldest counted bucket frees.
    case lease(granted: Int, bucket: Int64, remaining: Int, freesAfterMilliseconds: Int)
    case done
    /// The slots that this replica holds from now on.
    case slots(granted: Int)
    case replicas([SharedReplica])
}

/// A replica that lives, and what it told last.
package struct SharedReplica: Sendable, Equatable {
    package let name: String
    package let report: [UInt8]

    package init(name: String, report: [UInt8]) {
        self.name = name
        self.report = report
    }
}

/// A store that all replicas reach, such as Redis. Never blocks the one who asks.
package protocol SharedState: AnyObject, Sendable {
    /// How often the way to the store was lost and found again. Behind a new connection there may be a store that has
    /// forgotten everything.
    var losses: UInt64 { get }

    /// Asks everything in one round trip. `answer` is called exactly once, on any thread, with as many answers as there
    /// were questions, or nil when the store did not answer in time (50 ms) or is known to be away. After nil, what was
    /// asked may or may not have happened.
    func ask(_ questions: [SharedQuestion], answer: @escaping @Sendable ([SharedAnswer]?) -> Void)
}
