import WeirAccess
import WeirCore

extension StoreContract {
    func checkQuery(_ clause: Clause) async throws {
        switch clause {
        case .findsByField: try await findsByField()
        case .takesLongLists: try await takesLongLists()
        case .showsTheNewestFirst:
            try await insert([
                Self.sample(.keys, "b", at: 5), Self.sample(.keys, "a", at: 5), Self.sample(.keys, "Z", at: 5),
                Self.sample(.keys, "old", at: 4), Self.sample(.keys, "new", at: 6),
            ])
            try await same(ids(.keys, EntityQuery()), ["new", "b", "a", "Z", "old"])
        case .sortsByEveryOrder: try await sortsByEveryOrder()
        case .pagesMeetWithoutGaps: try await pagesMeetWithoutGaps()
        case .meetsEveryCondition: try await meetsEveryCondition()
        case .foldsASCII: try await foldsASCII()
        case .refusesUnknownFields:
            let unknown: [EntityQuery.Condition] = [
                .equals(.userEmail, "x"), .oneOf(.teamAlias, ["x"]), .isNull(.userRole), .contains(.modelName, "x"),
                .any([.id("x"), .equals(.userEmail, "x")]), .isSet(.userEmail),
            ]
            for field in SortField.allCases where !SortField.fields(of: .keys).contains(field) {
                var query = EntityQuery()
                query.order = .field(field)
                var isRefused = false
                try await insert([Self.sample(.keys, "\(field)")])
                do { _ = try await ids(.keys, query) } catch StoreFault.broken { isRefused = true }
                try same(isRefused, true, "\(field)")
            }
            for condition in unknown {
                for work: @Sendable (any StoreSession) throws -> Int in [
                    { try $0.count(.keys, [condition]) }, { try $0.page(.keys, .init([condition])).total },
                ] {
                    var isRefused = false
                    do { _ = try await store.read(work) } catch StoreFault.broken { isRefused = true }
                    try same(isRefused, true, "\(condition)")
                }
            }
        default: try await hasPagesOfNothing()
        }
    }

    private func ids(_ kind: EntityKind, _ query: EntityQuery) async throws -> [String] {
        let page = try await store.read { try $0.page(kind, query) }
        let count = try await store.read { try $0.count(kind, query.conditions) }
        try same(page.total, count, "total")
        return page.entities.map(\.id)
    }

    private func findsByField() async throws {
        for kind in EntityKind.allCases {
            for field in LookupField.fields(of: kind) where !LookupField.unique(of: kind).contains(field) {
                let name = field.rawValue
                try await insert(
                    ["3", "1", "2"].map { id in
                        field == .createdBy
                            ? Self.sample(kind, "\(name) \(id)", by: "value")
                            : Self.sample(kind, "\(name) \(id)", [name: "value"])
                    } + [Self.sample(kind, "\(name) 0", [name: "other"])])
                let found = try await store.read { try $0.entities(kind, where: field, is: "value", limit: 2) }
                try same(found.map(\.id), ["\(name) 1", "\(name) 2"])
                try await same(store.read { try $0.entities(kind, where: field, is: "no", limit: 2).count }, 0)
            }
        }
    }

    private func takesLongLists() async throws {
        let ids = (0..<12_000).map { "id \($0)" }
        try await insert([
            Self.sample(.keys, "id 7", ["team_id": "id 0"]), Self.sample(.keys, "id 11999"), Self.sample(.keys, "x"),
        ])
        try await same(Set(store.read { try $0.entities(.keys, ids: ids) }.map(\.id)), ["id 7", "id 11999"])
        var query = EntityQuery([.any([.ids(ids), .oneOf(.teamID, ids)])])
        query.order = .id
        try await same(self.ids(.keys, query), ["id 7", "id 11999"])
        try await same(store.write { try $0.delete(.keys, ids: ids) }, 2)
        let long = String(repeating: "%", count: 100_000)
        try await same(store.read { try $0.count(.keys, [.contains(.keyAlias, long)]) }, 0)
    }

    private func sortsByEveryOrder() async throws {
        let cent = Money.scale / 100
        try await insert([
            Self.sample(.teams, "a", spend: Money(attodollars: cent), at: 3, updated: 7),
            Self.sample(.teams, "B", spend: Money(attodollars: cent * 10), at: 1, updated: 9),
            Self.sample(.teams, "ü", spend: Money(attodollars: cent * 2), at: 2, updated: 8),
            Self.sample(.teams, "aa", spend: Money(attodollars: cent), at: 3, updated: 7),
        ])
        let orders: [(EntityQuery.Order, [String])] = [
            (.createdAt, ["B", "ü", "a", "aa"]), (.updatedAt, ["a", "aa", "ü", "B"]), (.id, ["B", "a", "aa", "ü"]),
            (.spend, ["a", "aa", "ü", "B"]),
        ]
        for (order, expected) in orders {
            var query = EntityQuery()
            query.order = order
            query.descends = false
            try await same(ids(.teams, query), expected, "\(order)")
            query.descends = true
            try await same(ids(.teams, query), expected.reversed(), "\(order)")
        }
        for kind in EntityKind.allCases {
            for field in SortField.fields(of: kind) { try await sorts(kind, by: field) }
        }
    }

    /// Whatever the case of a name is, and what has none behind all that has one.
    private func sorts(_ kind: EntityKind, by field: SortField) async throws {
        let values: [JSONValue?] =
            switch field {
            case .maxBudget: [nil, 7, .number("0.000000001"), 10, nil, 0]
            case .userEmail: [nil, "b", "a c", "ü", nil, "a"]
            case .userRole: [nil, "b", "aa", "ü", nil, "a"]
            default: [nil, "B", "aA", "Ü", nil, "a"]
            }
        try await insert(
            values.enumerated().map { number, value in
                Self.sample(kind, "\(field) \(number)", value.map { [field.rawValue: $0] } ?? [:])
            })
        var query = EntityQuery([.idContains("\(field) ")])
        query.order = .field(field)
        query.descends = false
        let expected = [5, 2, 1, 3, 0, 4].map { "\(field) \($0)" }
        try await same(ids(kind, query), expected, "\(field)")
        query.descends = true
        try await same(ids(kind, query), expected.reversed(), "\(field)")
        // What is changed is found in its new place.
        guard let last = try await entity(kind, expected[4]) else { return try same(1, 0, "\(field)") }
        try await store.write { session in
            var last = last
            last.document[field.rawValue] = field.isMoney ? 1_000_000 : "zz"
            try session.update(last)
        }
        query.size = 2
        try await same(ids(kind, query), [expected[5], field.isMoney ? expected[4] : expected[3]], "\(field)")
    }

    private func pagesMeetWithoutGaps() async throws {
        let teams: [JSONValue] = ["odd", "even"]
        let keys: [Entity] = (0..<23).map { number in
            var document: JSONObject = ["team_id": teams[number % 2]]
            if number % 4 > 0 { document["max_budget"] = .int(number % 5) }
            if number % 3 > 0 { document["key_alias"] = .string("Alias \(number)") }
            let spend = Money(attodollars: Int128(number % 3) * Money.scale)
            return Self.sample(.keys, "key \(number)", document, spend: spend, at: Int64(number / 4), updated: 1)
        }
        try await insert(keys)
        let orders: [EntityQuery.Order] = [
            .createdAt, .updatedAt, .id, .spend, .field(.keyAlias), .field(.maxBudget),
        ]
        for order in orders {
            for descends in [true, false] {
                for conditions: [EntityQuery.Condition] in [[], [.equals(.teamID, "odd")]] {
                    try await checkPages(order, descends, conditions)
                }
            }
        }
    }

    private func checkPages(
        _ order: EntityQuery.Order, _ descends: Bool, _ conditions: [EntityQuery.Condition]
    ) async throws {
        var query = EntityQuery(conditions)
        query.order = order
        query.descends = descends
        query.size = 1000
        let all = try await ids(.keys, query)
        try same(all.count, conditions.isEmpty ? 23 : 12)
        for size in [1, 4, 5, 22, 23] {
            query.size = size
            var met: [String] = []
            for page in 1...(all.count / size + 2) {
                query.page = page
                met += try await ids(.keys, query)
            }
            try same(met, all, "\(order) \(descends) \(size)")
        }
    }

    private func meetsEveryCondition() async throws {
        try await insert([
            Self.sample(.keys, "k1", ["key_alias": "Alpha one", "team_id": "t1", "user_id": "u1"], at: 1, by: "ann"),
            Self.sample(.keys, "k2", ["key_alias": "beta", "team_id": "t2"], at: 2, by: "ben"),
            Self.sample(.keys, "k3", ["team_id": "t1", "user_id": "u2"], at: 3, by: "ann"),
            Self.sample(.keys, "x4", ["user_id": "u1"], at: 4, by: "cid"),
        ])
        let cases: [([EntityQuery.Condition], [String])] = [
            ([.equals(.teamID, "t1")], ["k3", "k1"]), ([.equals(.createdBy, "ann")], ["k3", "k1"]),
            ([.equals(.teamID, "T1")], []), ([.equals(.teamID, "")], []), ([.isNull(.teamID)], ["x4"]),
            ([.isSet(.teamID)], ["k3", "k2", "k1"]), ([.isSet(.keyAlias), .equals(.userID, "u1")], ["k1"]),
            ([.oneOf(.userID, ["u1", "u2", "u1"])], ["x4", "k3", "k1"]), ([.oneOf(.userID, [])], []),
            ([.ids(["k2", "x4", "no"])], ["x4", "k2"]), ([.ids([])], []), ([.id("k2")], ["k2"]),
            ([.idContains("K")], ["k3", "k2", "k1"]), ([.idContains("4")], ["x4"]),
            ([.contains(.keyAlias, "a O")], ["k1"]), ([.contains(.keyAlias, "ET")], ["k2"]),
            ([.contains(.keyAlias, "")], ["k2", "k1"]), ([.contains(.keyAlias, "%")], []),
            ([.equals(.teamID, "t1"), .equals(.userID, "u1")], ["k1"]),
            ([.any([.equals(.teamID, "t2"), .equals(.userID, "u1")])], ["x4", "k2", "k1"]), ([.any([])], []),
            ([.any([.any([.id("k1")]), .isNull(.teamID)]), .equals(.userID, "u1")], ["x4", "k1"]),
        ]
        for (conditions, expected) in cases {
            try await same(ids(.keys, EntityQuery(conditions)), expected, "\(conditions)")
        }
    }

    private func foldsASCII() async throws {
        try await insert([Self.sample(.users, "Ä-ID", ["user_email": "Größe@Example.COM"])])
        let cases: [(EntityQuery.Condition, Int)] = [
            (.contains(.userEmail, "example.com"), 1), (.contains(.userEmail, "RÖ"), 0),
            (.contains(.userEmail, "Rö"), 1),
            (.idContains("Ä-id"), 1), (.idContains("ä"), 0), (.equals(.userEmail, "größe@example.com"), 0),
        ]
        for (condition, expected) in cases {
            try await same(store.read { try $0.count(.users, [condition]) }, expected, "\(condition)")
        }
    }

    private func hasPagesOfNothing() async throws {
        for kind in EntityKind.allCases { try await same(ids(kind, EntityQuery()), []) }
        try await insert([Self.sample(.keys, "k")])
        var query = EntityQuery()
        for (page, size) in [(2, 10), (Int.max, 10), (Int.max, Int.max), (1, 0), (1, -1)] {
            query.page = page
            query.size = size
            try await same(ids(.keys, query), [], "\(page) \(size)")
        }
        for (page, size) in [(0, 10), (-3, 10), (1, Int.max)] {
            query.page = page
            query.size = size
            try await same(ids(.keys, query), ["k"], "\(page) \(size)")
        }
    }
}
