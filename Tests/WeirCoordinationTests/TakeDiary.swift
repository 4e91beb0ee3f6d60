import Synchronization

/// Takes of all replicas: true times of those that were let in.
final class TakeDiary: Sendable {
    let taken = Mutex<[(at: UInt64, amount: Int)]>([])
    let answered = Atomic<Int>(0)
    let asked = Atomic<Int>(0)

    /// The most that lies in any closed window.
    func most(in window: UInt64 = 60_000_000_000) -> Int {
        let all = taken.withLock { $0.sorted { $0.at < $1.at } }
        var (start, sum, most) = (0, 0, 0)
        for entry in all {
            sum += entry.amount
            while all[start].at + window < entry.at {
                sum -= all[start].amount
                start += 1
            }
            most = max(most, sum)
        }
        return most
    }

    /// The least that lies in any window between two times.
    func least(from: UInt64, to: UInt64, window: UInt64 = 60_000_000_000) -> Int {
        let all = taken.withLock { $0.sorted { $0.at < $1.at } }
        var least = Int.max
        var start = from
        while start + window <= to {
            least = min(least, all.reduce(0) { $0 + ($1.at >= start && $1.at < start + window ? $1.amount : 0) })
            start += 100_000_000
        }
        return least
    }
}
