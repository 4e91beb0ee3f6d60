import WeirAccess
import WeirCore

extension StoreContract {
    func checkInsert(_ clause: Clause) async throws {
        switch clause {
        case .givesBackWhatItTook: try await givesBackWhatItTook()
        case .givesBackEveryText: try await givesBackEveryText()
        case .givesBackWholeNanodollars: try await givesBackWholeNanodollars()
        case .refusesTakenIDs:
            for kind in EntityKind.allCases {
                try await insert([Self.sample(kind, "one")])
                try await refused(as: .duplicate(kind, nil)) { try $0.insert(Self.sample(kind, "one")) }
                try await same(store.read { try $0.count(kind, []) }, 1)
            }
        case .refusesTakenFields: try await refusesTakenFields()
        case .keepsAliasesApartByTeam: try await keepsAliasesApartByTeam()
        case .goesOnAfterARefusal: try await goesOnAfterARefusal()
        case .refusesWhatNoIndexHolds: try await refusesWhatNoIndexHolds()
        default: try await findsNothingByZero()
        }
    }

    private func givesBackWhatItTook() async throws {
        let document: JSONObject = [
            "key_alias": "first", "team_id": "t", "zeta": 1, "alpha": [1, 2, "three", nil, true],
            "metadata": ["tags": ["a"], "deep": ["deeper": ["deepest": .number("1.50e-07")]]],
            "max_budget": .number("0.10"),
            "blocked": false, "expires": .int(Int64.max),
        ]
        for kind in EntityKind.allCases {
            let entity = Entity(
                kind: kind, id: "id", document: document, spend: Money(attodollars: 12_345 * 1_000_000_000),
                createdAt: 1_700_000_000_123_456, updatedAt: 1_700_000_000_123_457, createdBy: "ann", updatedBy: "ben",
                version: 3)
            try await insert([entity])
            try await same(self.entity(kind, "id"), entity)
            try await same(store.write { try $0.entityForUpdate(kind, "id") }, entity)
            try await same(store.read { try $0.entities(kind, ids: ["id", "no", "id"]) }, [entity])
            try await same(self.entity(kind, "ID"), nil)
        }
    }

    private func givesBackEveryText() async throws {
        for text in Self.hostileTexts {
            let email = JSONValue.string("mail \(text)")
            let user = Self.sample(
                .users, "id \(text)",
                [
                    "user_email": email, "user_role": .string(text), "a": .string(text),
                    "m": .object([text: .string(text)]),
                ],
                by: text)
            try await insert([user])
            try await same(entity(.users, user.id), user, text)
            try await same(store.read { try $0.page(.users, .init([.equals(.userRole, text)])).entities }, [user], text)
            try await same(
                store.read {
                    try $0.page(.users, .init([.contains(.userEmail, text), .oneOf(.userRole, [text])])).entities
                },
                [user], text)
            let member = Membership(
                owner: .team, ownerID: text, userID: user.id, role: text, document: ["x": .string(text)])
            try await store.write { try $0.put(member) }
            try await same(store.read { try $0.members(.team, of: text) }, [member], text)
            let entry = Self.entry(text, at: 5, object: text, by: text)
            try await store.write { try $0.record(entry) }
            var query = AuditQuery()
            query.objectID = text
            query.changedBy = text
            query.action = text
            try await same(store.read { [query] in try $0.audit(query).entries }, [entry], text)
        }
        let ids = Self.hostileTexts.map { "id \($0)" }
        try await same(store.write { try $0.delete(.users, ids: ids) }, ids.count)
    }

    private func givesBackWholeNanodollars() async throws {
        let amounts: [(String, String)] = [
            ("0.0000000014", "0.000000001"), ("0.0000000015", "0.000000002"), ("-0.0000000015", "-0.000000002"),
            ("9000000000", "9000000000"), ("0.1", "0.1"),
        ]
        for (number, (given, kept)) in amounts.enumerated() {
            guard let given = Money(given) else { throw Breach(text: given) }
            try await insert([Self.sample(.keys, "k\(number)", spend: given)])
            try await same(entity(.keys, "k\(number)")?.spend.description, kept)
            try await store.write { session in
                try session.put(.init(owner: .team, ownerID: "t", userID: "u", role: "user", spend: given))
            }
            try await same(
                store.read { try $0.membership(.team, "t", user: "u")?.spend.description }, kept, "member")
        }
    }

    private func refusesTakenFields() async throws {
        for kind in EntityKind.allCases {
            for field in LookupField.fields(of: kind) where field != .createdBy {
                let isUnique = LookupField.unique(of: kind).contains(field)
                let name = field.rawValue
                let document: JSONObject = [name: .string("same \(name)")]
                try await insert([
                    Self.sample(kind, "1 \(name)", document), Self.sample(kind, "2 \(name)", [name: ""]),
                    Self.sample(kind, "3 \(name)", [name: ""]), Self.sample(kind, "4 \(name)"),
                ])
                let second = Self.sample(kind, "5 \(name)", document)
                guard isUnique else {
                    try await insert([second])
                    continue
                }
                try await refused(as: .duplicate(kind, field)) { try $0.insert(second) }
                try await refused(as: .duplicate(kind, field)) { session in
                    try session.update(Self.sample(kind, "4 \(name)", document))
                }
                try await store.write { try $0.update(Self.sample(kind, "1 \(name)", document)) }
            }
        }
    }

    private func keepsAliasesApartByTeam() async throws {
        let alias: JSONValue = "alias"
        try await insert([
            Self.sample(.keys, "none", ["key_alias": alias]),
            Self.sample(.keys, "a", ["key_alias": alias, "team_id": "a"]),
            Self.sample(.keys, "b", ["key_alias": alias, "team_id": "b"]),
        ])
        for document: JSONObject in [["key_alias": alias], ["key_alias": alias, "team_id": "b"]] {
            try await refused(as: .duplicate(.keys, .keyAlias)) { try $0.insert(Self.sample(.keys, "x", document)) }
        }
        try await refused(as: .duplicate(.keys, .keyAlias)) { session in
            try session.update(Self.sample(.keys, "a", ["key_alias": alias, "team_id": "b"]))
        }
    }

    private func goesOnAfterARefusal() async throws {
        try await insert([Self.sample(.users, "1", ["user_email": "mail"])])
        try await store.write { session in
            for refused in [Self.sample(.users, "1"), Self.sample(.users, "2", ["user_email": "mail"])] {
                do { try session.insert(refused) } catch {}
            }
            try session.insert(Self.sample(.users, "3"))
            do { try session.update(Self.sample(.users, "3", ["user_email": "mail"])) } catch {}
            do { try session.update(Self.sample(.users, "4")) } catch {}
            try session.insert(Self.sample(.users, "5"))
        }
        try await same(store.read { try $0.page(.users, .init()).entities.map(\.id) }, ["5", "3", "1"])
    }

    private func refusesWhatNoIndexHolds() async throws {
        let longest = LookupField.longest
        for long in [String(repeating: "ü", count: longest / 2 + 1), "a\0b"] {
            try await refused(as: .unfit(.keys, nil)) { try $0.insert(Self.sample(.keys, long)) }
            try await refused(as: .unfit(.keys, .keyAlias)) { session in
                try session.insert(Self.sample(.keys, "x", ["key_alias": .string(long)]))
            }
            try await refused(as: .unfit(.keys, .createdBy)) { try $0.insert(Self.sample(.keys, "x", by: long)) }
            try await refused(as: .unfit(.users, nil)) { session in
                try session.put(.init(owner: .team, ownerID: "t", userID: long, role: "user"))
            }
        }
        // As little alike as possible, so that no database can make it short.
        var random = SeededRandom(seed: 7)
        let texts = (0..<4).map { _ in
            String((0..<longest).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126, using: &random))) })
        }
        let fits = Self.sample(
            .keys, texts[0], ["key_alias": .string(texts[1]), "team_id": .string(texts[2])], by: texts[3])
        try await insert([fits])
        try await store.write { session in
            try session.put(.init(owner: .team, ownerID: texts[0], userID: texts[1], role: "user"))
        }
        try await same(entity(.keys, texts[0]), fits)
    }

    private func findsNothingByZero() async throws {
        let zero = "a\0b"
        try await insert([Self.sample(.keys, "a", ["key_alias": "a", "team_id": "a"])])
        try await store.write { session in
            try session.put(.init(owner: .team, ownerID: "a", userID: "a", role: "user"))
            try same(session.entity(.keys, zero), nil)
            try same(session.entityForUpdate(.keys, zero), nil)
            try same(session.entities(.keys, ids: [zero, "a"]).count, 1)
            try same(session.entities(.keys, where: .keyAlias, is: zero, limit: 5).count, 0)
            let conditions: [EntityQuery.Condition] = [
                .equals(.keyAlias, zero), .oneOf(.keyAlias, [zero]), .ids([zero]), .contains(.keyAlias, zero),
                .idContains(zero), .id(zero),
            ]
            for condition in conditions { try same(session.count(.keys, [condition]), 0, "\(condition)") }
            try same(session.delete(.keys, ids: [zero]), 0)
            try same(session.members(.team, of: zero).count, 0)
            try same(session.memberships(.team, ofUser: zero).count, 0)
            try same(session.membership(.team, "a", user: zero), nil)
            try same(session.remove(.team, "a", user: zero), false)
            try same(session.grant(of: zero, at: 1) == nil, true)
            var query = AuditQuery()
            query.objectID = zero
            try same(session.audit(query).total, 0)
        }
        try await refused(as: .missing(.keys, zero)) { try $0.update(Self.sample(.keys, zero)) }
    }
}
