import Testing
import WeirCore
import WeirWire

@testable import WeirAccess

struct LiteLLMMappingTests {
    private let mapping = LiteLLMMapping(seal: LiteLLMSeal(saltKeys: [Sealed.saltKey]), now: 5)
    private static let hash = "87f902a2556735797c969ce04b8ff6fed82f0599dd3a1c167c609a1b7998a089"

    private func entity(_ table: LiteLLMTable, _ row: String) throws -> Entity {
        let item = try item(table, row)
        guard case .entity(let entity) = item.content else { throw ImportFault("no entity") }
        return entity
    }

    private func item(_ table: LiteLLMTable, _ row: String) throws -> ImportItem {
        guard case .item(let item) = try mapping.map(JSONObject(reading: row), of: table) else {
            throw ImportFault("skipped")
        }
        return item
    }

    @Test func `a key keeps its hash, its limits and its times`() throws {
        let key = try entity(
            .keys,
            """
            {"token": "\(Self.hash)", "key_name": "sk-...ient", "key_alias": "batch", "spend": 12.345678901234567,
             "expires": "2027-01-31T12:00:00.5", "models": ["gpt-4o", "openai/*"], "aliases": {}, "config": {},
             "user_id": "u1", "team_id": null, "permissions": {"get_spend_routes": true}, "metadata": {"tags": ["a"]},
             "blocked": null, "tpm_limit": 1000, "rpm_limit": null, "max_budget": 0.1, "budget_duration": "30d",
             "allowed_routes": [], "rotation_count": 0, "auto_rotate": false, "total_spend": 99.0,
             "created_at": "2026-01-02T03:04:05.678", "updated_at": "2026-02-02T00:00:00", "created_by": "admin"}
            """)
        #expect(key.kind == .keys)
        #expect(key.id == Self.hash)
        #expect(
            JSONWriter.text(of: .object(key.document))
                == #"{"key_alias":"batch","key_name":"sk-...ient","models":["gpt-4o","openai/*"],"#
                + #""permissions":{"get_spend_routes":true},"metadata":{"tags":["a"]},"max_budget":0.1,"#
                + #""budget_duration":"30d","tpm_limit":1000,"expires":1801396800500000,"user_id":"u1","#
                + #""rotation_count":0,"auto_rotate":false}"#)
        #expect(key.spend == Money("12.345678901"))
        #expect(key.createdAt == 1_767_323_045_678_000)
        #expect(key.updatedAt == 1_769_990_400_000_000)
        #expect(key.createdBy == "admin")
        #expect(key.updatedBy == "import")
    }

    @Test(arguments: [
        ("0.30000000000000004", "0.3"), ("1e-9", "0.000000001"), ("4.9e-10", "0"), ("5e-10", "0.000000001"),
        ("123456.789", "123456.789"), ("0", "0"), ("null", "0"),
    ])
    func `spend is exact to the nanodollar`(written: String, money: String) throws {
        let user = try entity(.users, #"{"user_id": "u1", "spend": \#(written)}"#)
        #expect(user.spend == Money(money))
    }

    @Test(arguments: [#""NaN""#, #""Infinity""#, "-1", "1e11", #""12""#])
    func `spend that is no amount is refused`(written: String) throws {
        #expect(throws: ImportFault.self) { try entity(.users, #"{"user_id": "u1", "spend": \#(written)}"#) }
    }

    @Test func `a key that was kept in plain text is hashed and never named`() throws {
        let item = try item(.keys, #"{"token": "sk-existing-key-of-a-client"}"#)
        guard case .entity(let key) = item.content else { throw ImportFault("no entity") }
        #expect(key.id == Self.hash)
        #expect(item.label == Self.hash)
    }

    @Test(arguments: ["", "abc", String(repeating: "G", count: 64), String(repeating: "A", count: 64)])
    func `a token that is no hash is refused without being told`(token: String) throws {
        let fault = #expect(throws: ImportFault.self) { try entity(.keys, #"{"token": "\#(token)"}"#) }
        #expect(token.isEmpty || fault?.description.contains(token) == false)
    }

    @Test func `sessions of the admin pages are left out`() throws {
        let row = try JSONObject(reading: #"{"token": "\#(Self.hash)", "team_id": "litellm-dashboard"}"#)
        guard case .skipped = try mapping.map(row, of: .keys) else {
            Issue.record("should be skipped")
            return
        }
    }

    @Test func `a replaced key names the one that took its place`() throws {
        let other = String(repeating: "ab", count: 32)
        let key = try entity(
            .retiredKeys,
            #"{"id": "r1", "token": "\#(Self.hash)", "active_token_id": "\#(other)", "revoke_at": "2026-12-31T00:00:00"}"#
        )
        #expect(key.id == Self.hash)
        #expect(key.document == ["active": .string(other), "revoke_at": 1_798_675_200_000_000])
    }

    @Test func `members come from the list with roles`() throws {
        let row = try JSONObject(
            reading: #"{"team_id": "t1", "members_with_roles": [{"role": "admin", "user_id": "a"}, "#
                + #"{"role": "user", "user_id": "b"}, {"role": "user", "user_id": "a"}], "members": ["c"]}"#)
        #expect(roles(row) == ["a": "admin", "b": "user"])
    }

    @Test func `where there is no list with roles, the older lists count`() throws {
        let row = try JSONObject(
            reading: #"{"team_id": "t1", "members_with_roles": {}, "admins": ["a"], "members": ["a", "b"]}"#)
        #expect(roles(row) == ["a": "admin", "b": "user"])
    }

    @Test func `members who are named by their e-mail are found`() throws {
        let row = try JSONObject(
            reading: #"{"team_id": "t1", "members_with_roles": [{"role": "admin", "user_email": "A@Example.com"}]}"#)
        #expect(mapping.emails(row) == ["a@example.com"])
        #expect(roles(mapping.named(row, ["a@example.com": "u7"])) == ["u7": "admin"])
    }

    private func roles(_ row: JSONObject) -> [String: String] {
        Dictionary(
            mapping.members(of: row).compactMap { item in
                if case .role(let member) = item.content { (member.userID, member.role) } else { nil }
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `a model's texts are opened, one by one`() throws {
        let model = try entity(
            .models,
            #"{"model_id": "m1", "model_name": "gpt", "litellm_params": {"model": "\#(Sealed.model)", "#
                + #""api_key": "\#(Sealed.gcm2)", "rpm": 5}, "model_info": {"id": "m1", "team_id": "t1"}}"#)
        #expect(
            model.document.object("litellm_params")
                == ["model": "openai/gpt-4o-mini", "api_key": "sk-upstream-planted-5678", "rpm": 5])
        #expect(model.document.string("team_id") == "t1")
    }

    @Test func `parameters that are a JSON text within JSON are read`() throws {
        let model = try entity(
            .models,
            #"{"model_id": "m1", "model_name": "gpt", "litellm_params": "{\"model\": \"openai/gpt-4o\"}"}"#)
        #expect(model.document.object("litellm_params") == ["model": "openai/gpt-4o"])
    }

    @Test func `a long key in plain parameters stays as it is`() throws {
        let key = "sk" + String(repeating: "A1", count: 60)
        let model = try entity(
            .models,
            #"{"model_id": "m1", "model_name": "gpt", "litellm_params": {"model": "openai/gpt-4o", "api_key": "\#(key)"}}"#
        )
        #expect(model.document.object("litellm_params")?.string("api_key") == key)
    }

    @Test func `without the right salt key a sealed model is refused, and its members are named`() throws {
        let row = try JSONObject(
            reading: #"{"model_id": "m1", "model_name": "gpt", "litellm_params": {"model": "\#(Sealed.model)"}}"#)
        let none = LiteLLMMapping(seal: LiteLLMSeal(saltKeys: []), now: 0)
        let other = LiteLLMMapping(seal: LiteLLMSeal(saltKeys: [Secret("sk-another")]), now: 0)
        #expect(
            throws: ImportFault(
                "litellm_params.model: sealed, and there is no salt key; set LITELLM_SALT_KEY, or name "
                    + "its variable with --salt-key")
        ) { try none.map(row, of: .models) }
        #expect(
            throws: ImportFault(
                "litellm_params.model: sealed with another key than LITELLM_SALT_KEY (or --salt-key) gives, or "
                    + "damaged")
        ) { try other.map(row, of: .models) }
    }

    @Test func `a role that is not known is left out, with a word about it`() throws {
        let item = try item(.users, #"{"user_id": "u1", "user_role": "emperor"}"#)
        guard case .entity(let user) = item.content else { throw ImportFault("no entity") }
        #expect(user.document.isEmpty)
        #expect(item.notes.count == 1)
    }

    @Test func `a limit below zero lets nothing pass`() throws {
        let item = try item(.budgets, #"{"budget_id": "b1", "rpm_limit": -1, "max_budget": -0.5}"#)
        guard case .entity(let budget) = item.content else { throw ImportFault("no entity") }
        #expect(budget.document.int("rpm_limit") == 0)
        #expect(budget.document.money("max_budget") == .zero)
        #expect(item.notes.count == 2)
    }

    @Test(arguments: [
        (LiteLLMTable.budgets, #"{"budget_id": ""}"#), (.budgets, #"{"budget_id": "b", "max_budget": "much"}"#),
        (.users, #"{"user_id": "u", "models": "gpt"}"#), (.users, #"{"user_id": "u", "created_at": "yesterday"}"#),
        (.teams, #"{"team_id": "t", "blocked": "no"}"#), (.models, #"{"model_id": "m", "model_name": "n"}"#),
        (.teamMemberships, #"{"user_id": "u"}"#), (.retiredKeys, #"{"id": "r", "token": "x"}"#),
    ])
    func `a bad row is refused with a sentence`(table: LiteLLMTable, row: String) throws {
        #expect(throws: ImportFault.self) { try mapping.map(JSONObject(reading: row), of: table) }
    }
}
