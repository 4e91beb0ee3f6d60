import WeirCore

/// Takes keys out of the store that were replaced and whose time is over: one bounded part of them with each run. Nobody
/// misses them, because they are refused from their end on as if they were not there.
package struct RetiredKeySweep: Sendable {
    /// Keys that one run looks at.
    package static let batch = 500
    /// How long a key is kept beyond its end, in microseconds: an hour, because clocks of replicas may differ.
    package static let rest: Int64 = 3_600_000_000

    private var page = 1

    package init() {}

    /// How many were taken out. `now`: microseconds since 1970.
    @discardableResult
    package mutating func run(in store: any Store, at now: Int64) async throws -> Int {
        var query = EntityQuery()
        query.order = .id
        query.descends = false
        query.page = page
        query.size = Self.batch
        let asked = query
        let keys = try await store.read { try $0.page(.retiredKeys, asked).entities }
        let end = now - Self.rest
        let over = keys.filter { key in key.document.int("revoke_at").map { Int64($0) <= end } ?? true }.map(\.id)
        if !over.isEmpty { _ = try await store.write { try $0.delete(.retiredKeys, ids: over) } }
        // What was behind those that are gone has moved onto this page.
        if keys.count < Self.batch { page = 1 } else if over.isEmpty { page += 1 }
        return over.count
    }
}
