import WeirCore

extension UserOffice {
    private static let greatestBulk = 500
    private static let greatestAll = 10_000

    /// Changes up to 500 users, each by settings of his own, or everybody alike (up to 10,000). One who cannot be changed
    /// is told in `results`, and the others are changed all the same.
    package func bulkUpdate(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        guard request.requester.isAdmin else {
            throw .forbidden("Only admins of the gateway may change users in bulk.")
        }
        let desk = desk
        if request.body.value("all_users")?.bool == true {
            let filled = try Self.filled(request.body.object("user_updates") ?? JSONObject())
            return try await desk.write { session in
                let total = try session.count(.users, [])
                guard total <= Self.greatestAll else {
                    throw OfficeFault.bad(
                        "There are \(total) users, and all_users changes \(Self.greatestAll) at most: name them in users.",
                        "all_users")
                }
                return try Self.change(try Self.everybody(filled, session), session, request.requester, desk)
            }
        }
        guard let users = request.body.value("users")?.array, (1...Self.greatestBulk).contains(users.count) else {
            throw .bad(
                "Give from 1 to \(Self.greatestBulk) users, or all_users with user_updates.", "users")
        }
        let orders = try users.map { (user) throws(OfficeFault) in
            guard let user = user.object else {
                throw OfficeFault.form([.init("users", "dict_type", "Input should be a list of objects")])
            }
            return try UserForms.update.read(user).values
        }
        return try await desk.write { session in try Self.change(orders, session, request.requester, desk) }
    }

    private static func filled(_ updates: JSONObject) throws(OfficeFault) -> JSONObject {
        let filled = try UserForms.update.read(updates).values
        guard !filled.isEmpty, filled["user_id"] == nil, filled["user_email"] == nil else {
            throw .bad("user_updates must set something, and neither user_id nor user_email.", "user_updates")
        }
        return filled
    }

    private static func everybody(_ updates: JSONObject, _ session: any StoreSession) throws -> [JSONObject] {
        var query = EntityQuery()
        query.order = .id
        query.descends = false
        query.size = 1000
        var orders: [JSONObject] = []
        while true {
            let page = try session.page(.users, query)
            orders += page.entities.map { updates.merging(["user_id": .string($0.id)]) }
            if page.entities.count < query.size { return orders }
            query.page += 1
        }
    }

    private static func change(
        _ orders: [JSONObject], _ session: any StoreSession, _ requester: Requester, _ desk: Desk
    ) throws -> OfficeAnswer {
        var results: [JSONValue] = []
        var failed = 0
        for order in orders {
            var result: JSONObject = [
                "user_id": order["user_id"] ?? .null, "user_email": order["user_email"] ?? .null, "success": true,
                "error": nil, "updated_user": nil,
            ]
            do {
                let user = try change(order, session, requester, desk)
                let teams = try session.memberships(.team, ofUser: user.id).map(\.ownerID).sorted()
                result["user_id"] = .string(user.id)
                result["updated_user"] = .object(UserAnswer.row(user, teams: teams))
            } catch let fault as OfficeFault {
                // The checks come before the first write of each user: nothing of him was changed.
                failed += 1
                result["success"] = false
                result["error"] = .string(fault.message)
            }
            results.append(.object(result))
        }
        return OfficeAnswer.object([
            "results": .array(results), "total_requested": .int(orders.count),
            "successful_updates": .int(orders.count - failed), "failed_updates": .int(failed),
        ])
    }
}
