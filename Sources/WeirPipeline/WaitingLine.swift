import WeirCore

/// How long, and how many, requests wait when every deployment of their model group is full.
package struct QueueSettings: Sendable, Equatable {
    /// Nanoseconds until a request that waits is refused.
    package var timeout: UInt64
    /// Requests of one group that wait on one loop; those beyond are refused at once.
    package var limit: Int
    /// For requests that name none; lower goes first.
    package var priority: Int

    package init(timeout: UInt64, limit: Int = 1000, priority: Int = 0) {
        self.timeout = timeout
        self.limit = limit
        self.priority = priority
    }
}

/// The requests of one loop that wait for a place: in each model group those with the lowest priority number first, among
/// equals in the order in which they came. Bound to its loop.
///
/// A place that becomes free on this loop calls the first one at once; places that become free elsewhere are found by
/// looking, at most `look` later.
package final class WaitingLine {
    /// How often the first of a line looks for itself, in nanoseconds.
    static let look: UInt64 = 250_000_000

    /// One request's place in the line.
    struct Place {
        let group: String
        let priority: Int
        /// In the order of arrival.
        let number: UInt64

        func isBefore(_ other: Place) -> Bool {
            priority == other.priority ? number < other.number : priority < other.priority
        }
    }

    private struct Waiter {
        let place: Place
        let bell: Abandonment
    }

    private var lines: [String: [Waiter]] = [:]
    private var nextNumber: UInt64 = 0
    /// Requests that wait, of all groups.
    package private(set) var count = 0

    package init() {}

    /// A place for a request that has just come.
    func place(in group: String, priority: Int) -> Place {
        nextNumber &+= 1
        return Place(group: group, priority: priority, number: nextNumber)
    }

    /// Nobody who came before, or matters more, waits for this group.
    func mayGo(_ place: Place) -> Bool {
        guard count > 0, let first = lines[place.group]?.first else { return true }
        return place.isBefore(first.place)
    }

    /// Joins the line; nil when it is full. `bell` is rung when it is the request's turn.
    func join(_ place: Place, limit: Int) -> Abandonment? {
        var line = lines[place.group] ?? []
        guard line.count < limit else { return nil }
        let bell = Abandonment()
        let index = line.firstIndex { place.isBefore($0.place) } ?? line.count
        line.insert(Waiter(place: place, bell: bell), at: index)
        lines[place.group] = line
        count += 1
        return bell
    }

    func leave(_ place: Place) {
        guard let index = lines[place.group]?.firstIndex(where: { $0.place.number == place.number }) else { return }
        lines[place.group]?.remove(at: index)
        if lines[place.group]?.isEmpty == true { lines[place.group] = nil }
        count -= 1
    }

    /// A place of this group may have become free: calls the first.
    package func call(_ group: String) {
        guard count > 0 else { return }
        lines[group]?.first?.bell.abandon()
    }
}
