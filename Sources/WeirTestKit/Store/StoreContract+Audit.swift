import WeirAccess
import WeirCore

extension StoreContract {
    static func entry(
        _ id: String, at: Int64, object: String = "object", by: String = "ann", action: String? = nil,
        before: JSONObject? = nil, after: JSONObject? = ["a": 1]
    ) -> AuditEntry {
        AuditEntry(
            id: id, at: at, changedBy: by, changedByKey: "key of \(by)", address: "::1", action: action ?? by,
            table: "table", objectID: object, before: before, after: after)
    }

    func checkAudit(_ clause: Clause) async throws {
        switch clause {
        case .findsAuditEntries: try await findsAuditEntries()
        case .pagesAudit: try await pagesAudit()
        default:
            let long = String(repeating: "ü", count: 5000)
            try await store.write { session in
                try session.record(Self.entry("e", at: 1, object: long, by: "a\0b", action: "x"))
            }
            let entry = try await store.read { try $0.audit(AuditQuery()).entries.first }
            try same(entry?.changedBy, "ab")
            try same(entry?.objectID, String(long.prefix(LookupField.longest / 2)))
        }
    }

    private func findsAuditEntries() async throws {
        let entries = [
            Self.entry("1", at: 10, object: "o1", by: "ann", action: "created", before: nil, after: ["n": 1]),
            Self.entry("2", at: 20, object: "o1", by: "ben", action: "updated", before: ["n": 1], after: ["n": 2]),
            Self.entry("3", at: 20, object: "o2", by: "ann", action: "created", before: ["x": ["y": nil]], after: nil),
            Self.entry("4", at: 30, object: "o1", by: "ann", action: "deleted", before: [:], after: [:]),
        ]
        try await store.write { session in for entry in entries { try session.record(entry) } }
        try await same(store.read { try $0.audit(AuditQuery()).entries }, entries.reversed())
        let cases: [(@Sendable (inout AuditQuery) -> Void, [String])] = [
            ({ $0.id = "2" }, ["2"]), ({ $0.objectID = "o1" }, ["4", "2", "1"]), ({ $0.changedBy = "ben" }, ["2"]),
            ({ $0.changedByKey = "key of ann" }, ["4", "3", "1"]), ({ $0.action = "created" }, ["3", "1"]),
            ({ $0.table = "table" }, ["4", "3", "2", "1"]), ({ $0.table = "no" }, []),
            ({ $0.from = 20 }, ["4", "3", "2"]),
            ({ $0.to = 20 }, ["3", "2", "1"]), ({ ($0.from, $0.to) = (11, 29) }, ["3", "2"]),
            ({ ($0.objectID, $0.from) = ("o1", 20) }, ["4", "2"]), ({ $0.descends = false }, ["1", "2", "3", "4"]),
        ]
        for (number, (narrow, expected)) in cases.enumerated() {
            var query = AuditQuery()
            narrow(&query)
            let found = try await store.read { [query] in try $0.audit(query) }
            try same(found.entries.map(\.id), expected, "case \(number)")
            try same(found.total, expected.count, "case \(number)")
        }
    }

    private func pagesAudit() async throws {
        try await store.write { session in
            for number in 10..<25 {
                try session.record(Self.entry("\(number)", at: Int64(number / 3), object: "\(number % 2)"))
            }
        }
        for object in [nil, "0"] {
            for descends in [true, false] {
                var query = AuditQuery()
                (query.objectID, query.descends, query.size) = (object, descends, 100)
                let all = try await store.read { [query] in try $0.audit(query).entries.map(\.id) }
                try same(all.count, object == nil ? 15 : 8)
                var met: [String] = []
                for page in 1...6 {
                    (query.page, query.size) = (page, 4)
                    let part = try await store.read { [query] in try $0.audit(query) }
                    try same(part.total, all.count)
                    met += part.entries.map(\.id)
                }
                try same(met, all)
            }
        }
    }
}
