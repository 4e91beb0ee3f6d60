/// Every record of a kind, page by page: for kinds of which there are hundreds, not millions.
enum EntityWalk {
    private static let pageSize = 1000

    /// Ordered by when they were made.
    static func all(
        _ kind: EntityKind, _ session: any StoreSession, _ conditions: [EntityQuery.Condition] = []
    ) throws(StoreFault) -> [Entity] {
        var query = EntityQuery(conditions)
        query.descends = false
        query.size = pageSize
        var found: [Entity] = []
        while true {
            let page = try session.page(kind, query)
            found += page.entities
            guard page.entities.count == pageSize else { return found }
            query.page += 1
        }
    }
}
