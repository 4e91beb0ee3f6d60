/// Who is to be asked when. Pure: time is handed in, in nanoseconds. Nobody is asked twice at once.
struct AskingSchedule {
    private struct Entry {
        var nextAt: UInt64
        var isAsked = false
    }

    private var entries: [String: Entry] = [:]
    /// Before then nobody is due.
    private var quietUntil: UInt64 = 0

    /// Who is being asked now.
    private(set) var asking = 0

    /// Those who are new are due at once; answers of those who are gone are not waited for.
    mutating func keepOnly(_ names: Set<String>, at now: UInt64) {
        for (name, entry) in entries where !names.contains(name) {
            if entry.isAsked { asking -= 1 }
            entries[name] = nil
        }
        for name in names where entries[name] == nil { entries[name] = Entry(nextAt: now) }
        quietUntil = 0
    }

    /// Those to ask now, the longest due first, so many that at most `limit` are being asked at once.
    mutating func begin(at now: UInt64, limit: Int) -> [String] {
        guard now >= quietUntil, asking < limit else { return [] }
        var due: [(name: String, at: UInt64)] = []
        quietUntil = .max
        for (name, entry) in entries where !entry.isAsked {
            if entry.nextAt <= now {
                due.append((name, entry.nextAt))
            } else {
                quietUntil = min(quietUntil, entry.nextAt)
            }
        }
        let chosen = due.sorted { ($0.at, $0.name) < ($1.at, $1.name) }.prefix(limit - asking).map(\.name)
        if chosen.count < due.count { quietUntil = 0 }
        for name in chosen { entries[name]?.isAsked = true }
        asking += chosen.count
        return chosen
    }

    /// `name` has answered, or never will; it is asked again at `next`. False when it is not among those to ask any more.
    @discardableResult
    mutating func end(_ name: String, next: UInt64) -> Bool {
        guard let entry = entries[name], entry.isAsked else { return false }
        entries[name] = Entry(nextAt: next)
        asking -= 1
        quietUntil = min(quietUntil, next)
        return true
    }

    /// `name` is not waited for longer than until `time`: its pace has become faster.
    mutating func advance(_ name: String, to time: UInt64) {
        guard let entry = entries[name], !entry.isAsked, entry.nextAt > time else { return }
        entries[name]?.nextAt = time
        quietUntil = min(quietUntil, time)
    }
}

/// Spreads what would otherwise happen to all at once.
enum Jitter {
    /// `nanoseconds`, a tenth more or less.
    static func spread(_ nanoseconds: UInt64, _ random: UInt64) -> UInt64 {
        let tenth = nanoseconds / 10
        return nanoseconds - tenth + (tenth * 2).multipliedFullWidth(by: random).high
    }
}
