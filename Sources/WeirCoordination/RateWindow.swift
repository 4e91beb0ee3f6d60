/// Counts what was taken in the window that ends now, exactly: what was taken at `t` counts until `t` + window at least.
///
/// Windows of small limits (at most 64) keep each time itself, so that a permit is free the very moment its window is over.
/// Others keep 240 buckets (250 ms of a minute): a permit is free when its bucket has wholly passed, late by at most one
/// bucket, never early. Memory: none before the first use, 1 KiB for each kind after it.
///
/// Times are monotonic nanoseconds. One that lies before an earlier one is taken as that.
package struct RateWindow: Sendable {
    /// The greatest limit for which times are kept.
    package static let exactLimit = 64
    /// What a window can count at most; greater limits are taken as this.
    package static let greatestLimit = Int(UInt32.max)
    private static let buckets: UInt64 = 240
    private static let mask: UInt64 = 255

    /// Nanoseconds.
    package let window: UInt64
    /// What is counted now (after `advance`).
    package private(set) var used = 0

    private let width: UInt64
    private var latest: UInt64 = 0
    // Buckets by number (time / width); the slot of a number is number & mask. All outside of [oldest, newest] are zero.
    private var counts: [UInt32] = []
    private var oldest: UInt64 = 0
    private var newest: UInt64 = 0
    private var newestEnd: UInt64 = 0
    // Times, for small limits: a ring of 64 entries.
    private var stamps: [Stamp] = []
    private var first = 0
    private var stampCount = 0
    private var keepsTimes: Bool

    private struct Stamp {
        var at: UInt64
        var count: UInt32
    }

    /// `window` is at least 240 µs; less is taken as that.
    package init(window: UInt64, limit: Int) {
        self.window = max(window, Self.buckets * 1000)
        width = self.window / Self.buckets
        keepsTimes = limit <= Self.exactLimit
    }

    /// The width of a bucket in nanoseconds; a permit is late by at most this much.
    package var granularity: UInt64 { keepsTimes ? 0 : width }

    /// When the last take was, or the window last looked at.
    package var lastSeen: UInt64 { latest }

    /// Nothing is counted, and no memory held.
    package var isEmpty: Bool { counts.isEmpty && stamps.isEmpty }

    /// Lets go of what is over by `now`.
    package mutating func advance(to now: UInt64) {
        guard now > latest else { return }
        latest = now
        if keepsTimes {
            dropOldStamps()
        } else if now >= newestEnd {
            dropOldBuckets()
        }
    }

    /// Counts `amount` (at least 1) as taken now. The caller has looked at `used` before.
    package mutating func add(_ amount: Int, at now: UInt64) {
        advance(to: now)
        let amount = UInt32(clamping: amount)
        guard amount > 0 else { return }
        if keepsTimes { addStamp(amount) } else { addToBucket(amount, number: newest) }
    }

    /// Takes back up to `amount` of what was taken at `takenAt`, or at most one bucket after it (the answer of a store comes
    /// later than the question). What is not found there is over already.
    /// - Returns: what was taken back.
    package mutating func remove(_ amount: Int, takenAt: UInt64) -> Int {
        var left = UInt32(clamping: max(amount, 0))
        let wanted = left
        if keepsTimes {
            guard takenAt &+ window >= latest else { return 0 }
            let end = takenAt &+ width
            var index = 0
            while index < stampCount, left > 0 {
                let slot = (first + index) & 63
                if stamps[slot].at > end { break }
                if stamps[slot].at >= takenAt {
                    let part = min(left, stamps[slot].count)
                    stamps[slot].count -= part
                    left -= part
                }
                index += 1
            }
        } else if !counts.isEmpty {
            // When the bucket of `takenAt` is over, nobody knows whether the permit was in it or in the next one.
            var number = takenAt / width
            guard number >= oldest else { return 0 }
            let end = min(number + 1, newest)
            while number <= end, left > 0 {
                let slot = Int(number & Self.mask)
                let part = min(left, counts[slot])
                counts[slot] -= part
                left -= part
                number += 1
            }
        }
        used -= Int(wanted - left)
        return Int(wanted - left)
    }

    /// Nanoseconds until at least `amount` of what is counted now is free; 0 when that is nothing. When not so much is
    /// counted, the answer is when all of it is free.
    package func freesAfter(_ amount: Int) -> UInt64 {
        guard amount > 0, used > 0 else { return 0 }
        var left = amount
        var end: UInt64 = latest
        if keepsTimes {
            var index = 0
            while index < stampCount, left > 0 {
                let stamp = stamps[(first + index) & 63]
                if stamp.count > 0 { end = stamp.at &+ window }
                left -= Int(stamp.count)
                index += 1
            }
        } else {
            var number = oldest
            while number <= newest, left > 0 {
                let count = counts[Int(number & Self.mask)]
                if count > 0 { end = (number + Self.buckets + 1) * width }
                left -= Int(count)
                number += 1
            }
        }
        return end > latest ? end - latest : 0
    }

    /// Nanoseconds until nothing of what is counted now is counted any more.
    package func freesWhollyAfter() -> UInt64 {
        guard used > 0 else { return 0 }
        var end: UInt64 = latest
        if keepsTimes {
            var index = stampCount - 1
            while index > 0, stamps[(first + index) & 63].count == 0 { index -= 1 }
            end = stamps[(first + index) & 63].at &+ window
        } else {
            var number = newest
            while number > oldest, counts[Int(number & Self.mask)] == 0 { number -= 1 }
            end = (number + Self.buckets + 1) * width
        }
        return end > latest ? end - latest : 0
    }

    /// What was taken in the last `nanoseconds`, with the granularity of a bucket.
    package func taken(inLast nanoseconds: UInt64) -> Int {
        guard used > 0 else { return 0 }
        let since = latest > nanoseconds ? latest - nanoseconds : 0
        var sum = 0
        if keepsTimes {
            for index in 0..<stampCount {
                let stamp = stamps[(first + index) & 63]
                if stamp.at >= since { sum += Int(stamp.count) }
            }
        } else {
            var number = max(since / width, oldest)
            while number <= newest {
                sum += Int(counts[Int(number & Self.mask)])
                number += 1
            }
        }
        return sum
    }

    /// What is counted, as ages in milliseconds before now, youngest possible age of each.
    package func uses() -> [SharedUse] {
        guard used > 0 else { return [] }
        var uses: [SharedUse] = []
        if keepsTimes {
            for index in 0..<stampCount {
                let stamp = stamps[(first + index) & 63]
                if stamp.count > 0 {
                    uses.append(
                        SharedUse(ageMilliseconds: Int((latest - stamp.at) / 1_000_000), count: Int(stamp.count)))
                }
            }
        } else {
            for number in oldest...newest {
                let count = counts[Int(number & Self.mask)]
                if count > 0 {
                    let end = min((number + 1) * width, latest)
                    uses.append(SharedUse(ageMilliseconds: Int((latest - end) / 1_000_000), count: Int(count)))
                }
            }
        }
        return uses
    }

    /// Tells the window of a limit that has changed. Times become buckets when it has grown beyond 64; buckets stay buckets.
    package mutating func adopt(limit: Int) {
        guard keepsTimes, limit > Self.exactLimit else { return }
        keepsTimes = false
        let kept = (0..<stampCount).map { stamps[($0 + first) & 63] }
        stamps = []
        (first, stampCount, used) = (0, 0, 0)
        for stamp in kept where stamp.count > 0 {
            let number = stamp.at / width
            if counts.isEmpty { startBuckets(at: number) }
            moveTo(number: number)
            addToBucket(stamp.count, number: number)
        }
        if !counts.isEmpty { dropOldBuckets() }
    }

    /// Gives its memory back when nothing is counted any more.
    package mutating func releaseIfEmpty(at now: UInt64) {
        advance(to: now)
        guard used == 0 else { return }
        counts = []
        stamps = []
        (first, stampCount, oldest, newest, newestEnd) = (0, 0, 0, 0, 0)
    }

    // MARK: Times

    private mutating func dropOldStamps() {
        while stampCount > 0 {
            let stamp = stamps[first]
            // Still counted at exactly `at` + window: two permits a window apart are both in the closed window.
            guard stamp.count == 0 || stamp.at &+ window < latest else { return }
            used -= Int(stamp.count)
            first = (first + 1) & 63
            stampCount -= 1
        }
    }

    private mutating func addStamp(_ amount: UInt32) {
        if stamps.isEmpty { stamps = Array(repeating: Stamp(at: 0, count: 0), count: 64) }
        if stampCount > 0 {
            let last = (first + stampCount - 1) & 63
            if stamps[last].at == latest || stampCount == 64 {
                // Only what settles above its reservation can need a 65th entry: it makes the last one younger.
                let (sum, overflow) = stamps[last].count.addingReportingOverflow(amount)
                used += Int((overflow ? .max : sum) - stamps[last].count)
                stamps[last] = Stamp(at: latest, count: overflow ? .max : sum)
                return
            }
        }
        stamps[(first + stampCount) & 63] = Stamp(at: latest, count: amount)
        stampCount += 1
        used += Int(amount)
    }

    // MARK: Buckets

    private mutating func startBuckets(at number: UInt64) {
        counts = Array(repeating: 0, count: Int(Self.mask) + 1)
        (oldest, newest, newestEnd) = (number, number, (number + 1) * width)
    }

    private mutating func addToBucket(_ amount: UInt32, number: UInt64) {
        if counts.isEmpty { startBuckets(at: latest / width) }
        let slot = Int(max(number, oldest) & Self.mask)
        let (sum, overflow) = counts[slot].addingReportingOverflow(amount)
        used += Int((overflow ? .max : sum) - counts[slot])
        counts[slot] = overflow ? .max : sum
    }

    private mutating func dropOldBuckets() {
        guard !counts.isEmpty else { return }
        moveTo(number: latest / width)
    }

    /// Makes `number` the newest bucket and drops those that are wholly over by then.
    private mutating func moveTo(number: UInt64) {
        guard number > newest else { return }
        newest = number
        newestEnd = (number + 1) * width
        guard newest > Self.buckets else { return }
        let keep = newest - Self.buckets
        if keep <= oldest { return }
        if used == 0 || keep - oldest > Self.mask {
            if used > 0 { for slot in counts.indices { counts[slot] = 0 } }
            used = 0
        } else {
            while oldest < keep {
                let slot = Int(oldest & Self.mask)
                used -= Int(counts[slot])
                counts[slot] = 0
                oldest += 1
            }
        }
        oldest = keep
    }
}
