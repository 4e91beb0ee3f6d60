import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct AuditOfficeTests {
    /// Three changes, a second apart.
    private func filled() async throws -> VaultRoom {
        let room = VaultRoom()
        for id in ["m1", "m2"] {
            _ = try await room.offices.models.new(
                VaultRoom.ask([
                    "model_name": "x", "model_info": ["id": .string(id)],
                    "litellm_params": ["model": "openai/x", "api_key": .string(VaultRoom.planted)],
                ]))
            room.clock.advance(milliseconds: 1000)
        }
        let other = Requester(
            role: .proxyAdmin, userID: "root", keyHash: "k2", address: "198.51.100.7", onBehalfOf: "ann")
        _ = try await room.offices.models.delete(VaultRoom.ask(["id": "m1"], by: other))
        return room
    }

    private func ids(_ answer: OfficeAnswer) -> [String] {
        (answer.value.object?["audit_logs"]?.array ?? []).compactMap { value in
            value.object.map { "\($0.string("action") ?? "") \($0.string("object_id") ?? "")" }
        }
    }

    @Test(
        arguments: [
            ([:], ["deleted m1", "created m2", "created m1"], 3),
            (["sort_order": "asc"], ["created m1", "created m2", "deleted m1"], 3),
            (["page_size": "2"], ["deleted m1", "created m2"], 3),
            (["page_size": "2", "page": "2"], ["created m1"], 3),
            (["object_id": "m1"], ["deleted m1", "created m1"], 2),
            (["action": "created"], ["created m2", "created m1"], 2),
            (["changed_by": "ann"], ["deleted m1"], 1),
            (["changed_by_api_key": "masterhash"], ["created m2", "created m1"], 2),
            (["table_name": "LiteLLM_VerificationToken"], [], 0),
            (["object_team_id": "t1"], [], 0),
            (["start_date": "1700000001000000"], ["deleted m1", "created m2"], 2),
            (["end_date": "1700000000000000"], ["created m1"], 1),
            // The whole of 2023-11-14.
            (["end_date": "1699920000000000"], ["deleted m1", "created m2", "created m1"], 3),
        ] as [([String: String], [String], Int)])
    func `changes are found`(query: [String: String], expected: [String], total: Int) async throws {
        let answer = try await filled().offices.audit.list(VaultRoom.ask(query: query))
        #expect(ids(answer) == expected)
        #expect(answer.value.object?.int("total") == total)
    }

    @Test func `an entry tells who, when, from where, before and after`() async throws {
        let room = try await filled()
        let list = try await room.offices.audit.list(VaultRoom.ask())
        #expect(list.value.object?.names == ["audit_logs", "total", "page", "page_size", "total_pages"])
        let first = try #require(list.value.object?["audit_logs"]?.array?.first?.object)
        #expect(first.string("changed_by") == "ann" && first.string("changed_by_api_key") == "k2")
        #expect(first.string("changed_from") == "198.51.100.7")
        #expect(first.string("updated_at") == "2023-11-14T22:13:22Z")
        #expect(first["updated_values"] == .null)
        #expect(first.object("before_value")?.object("litellm_params")?.string("api_key") == "****")
        let id = first.string("id") ?? ""
        let entry = try await room.offices.audit.entry(VaultRoom.ask(path: ["id": id]))
        #expect(entry.value == .object(first))
    }

    @Test func `an entry that is not there is not found`() async throws {
        let room = try await filled()
        await #expect(throws: OfficeFault.notFound("Audit log with ID x not found")) {
            try await room.offices.audit.entry(VaultRoom.ask(path: ["id": "x"]))
        }
    }

    @Test(arguments: [["page": "0"], ["page_size": "0"], ["page_size": "1001"], ["page": "1000000000000"]])
    func `a page that cannot be is refused`(query: [String: String]) async throws {
        let room = try await filled()
        await #expect(throws: OfficeFault.self) { try await room.offices.audit.list(VaultRoom.ask(query: query)) }
    }
}
