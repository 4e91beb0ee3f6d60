import WeirCore

extension KeyOffice {
    /// At most so many keys are looked through for what no index serves.
    private static let greatestSift = 20_000
    private static let siftedAtOnce = 1000

    /// `GET /key/list`: hashes, or whole objects.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let listing = try KeyListing(request.query)
        let (requester, now) = (request.requester, desk.now)
        let isWhole = listing.flag("return_full_object") || listing.asked["expand"] != nil
        let expandsUser = listing.asked["expand"]?.split(separator: ",").contains("user") ?? false
        let keys = try await desk.list { session -> JSONValue in
            let rights = KeyRights(requester: requester, session: session)
            let page = try self.page(listing, rights, at: now)
            let found =
                isWhole
                ? try objects(page.entities, expandsUser: expandsUser, session)
                : page.entities.map { .string($0.id) }
            return .object(Self.paged("keys", found, total: page.total, listing))
        }
        return OfficeAnswer(keys)
    }

    /// `GET /key/aliases`: in their order, whatever the case.
    package func aliases(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        var asked = request.query
        asked["include_team_keys"] = "true"
        asked["aliased"] = "true"
        if let part = asked["search"], !part.isEmpty {
            asked["aliased"] = nil
            asked["key_alias"] = part
            asked["substring_matching"] = "true"
        }
        asked["search"] = nil
        asked["sort_by"] = "key_alias"
        asked["sort_order"] = "asc"
        let listing = try KeyListing(asked, size: 50)
        let (requester, now) = (request.requester, desk.now)
        let page = try await desk.list { session in
            try self.page(listing, KeyRights(requester: requester, session: session), at: now)
        }
        // Keys of several teams may have the same one.
        let aliases = UserOffice.unique(page.entities.compactMap { $0.document.string("key_alias") })
        let answer = Self.paged("aliases", aliases.map { .string($0) }, total: page.total, listing)
        return OfficeAnswer(answer.merging(["size": .int(listing.size)]))
    }

    private static func paged(
        _ name: String, _ values: [JSONValue], total: Int, _ listing: KeyListing
    ) -> JSONObject {
        JSONObject([
            .init(name, .array(values)), .init("total_count", .int(total)), .init("current_page", .int(listing.page)),
            .init("total_pages", .int((total + listing.size - 1) / listing.size)),
        ])
    }

    private func page(_ listing: KeyListing, _ rights: KeyRights, at now: Int64) throws -> EntityPage {
        guard let conditions = try listing.conditions(rights) else { return EntityPage(entities: [], total: 0) }
        guard listing.isSifting else { return try rights.session.page(.keys, listing.query(conditions)) }
        var query = listing.query(conditions)
        query.size = Self.siftedAtOnce
        query.page = 1
        var kept: [Entity] = []
        while true {
            let page = try rights.session.page(.keys, query)
            guard page.total <= Self.greatestSift else {
                throw OfficeFault.bad(
                    "These filters look through every key, and there are \(page.total). Name a user, a team or an "
                        + "alias as well.")
            }
            kept += page.entities.filter { listing.keeps($0, at: now) }
            if page.entities.count < query.size { break }
            query.page += 1
        }
        let start = (listing.page - 1).multipliedReportingOverflow(by: listing.size)
        let wanted = start.overflow ? [] : Array(kept.dropFirst(start.partialValue).prefix(listing.size))
        return EntityPage(entities: wanted, total: kept.count)
    }

    private func objects(
        _ keys: [Entity], expandsUser: Bool, _ session: any StoreSession
    ) throws -> [JSONValue] {
        let teams = try known(.teams, by: "team_id", keys, session)
        let users = expandsUser ? try known(.users, by: "user_id", keys, session) : [:]
        return keys.map { key in
            .object(
                answers.listed(
                    key, team: key.document.string("team_id").flatMap { teams[$0] },
                    user: key.document.string("user_id").flatMap { users[$0] }))
        }
    }

    private func known(
        _ kind: EntityKind, by name: String, _ keys: [Entity], _ session: any StoreSession
    ) throws -> [String: Entity] {
        let ids = Set(keys.compactMap { $0.document.string(name) }).sorted()
        guard !ids.isEmpty else { return [:] }
        return Dictionary(
            try session.entities(kind, ids: ids).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
