import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// Deleting keys and replacing them.
struct KeyEndTests {
    // MARK: Deleting

    @Test func `keys are deleted by themselves, by hash and by alias, each once`() async throws {
        let stage = KeyStage()
        let first = try await stage.generate()
        let second = try await stage.generate()
        let third = try await stage.generate(["key_alias": "c"])
        let names: JSONValue = [first["key"] ?? .null, second["token"] ?? .null, first["key"] ?? .null]
        let answer = try await stage.ask(
            KeyStage.delete, ["keys": names, "key_aliases": ["c", "c"]], form: KeyForms.delete)
        #expect(answer == ["deleted_keys": [first["key"] ?? .null, second["token"] ?? .null, "c"]])
        for made in [first, second, third] { #expect(try await stage.key(made.string("token") ?? "") == nil) }
        let deleted = try await stage.audit().filter { $0.action == "deleted" }
        #expect(deleted.count == 3 && deleted.allSatisfy { $0.before != nil && $0.after == nil })
    }

    @Test func `an unknown key is answered as LiteLLM does`() async throws {
        let stage = KeyStage()
        for body in [["keys": ["sk-unknown"]], ["key_aliases": ["unknown"]]] as [JSONObject] {
            let fault = try #require(
                await stage.refusal { () throws(OfficeFault) in try await stage.ask(KeyStage.delete, body) })
            #expect(fault.status == 404 && fault.message == "{'error': 'No keys found'}")
            #expect(fault.type == "invalid_request_error" && fault.param == nil)
        }
    }

    @Test func `one unknown key among others, and none is deleted`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate()
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(KeyStage.delete, ["keys": [made["key"] ?? .null, "sk-unknown"]])
            })
        #expect(fault.status == 404 && fault.message.contains(KeyDigest(of: Secret("sk-unknown")).hex))
        #expect(try await stage.key(made.string("token") ?? "") != nil)
    }

    @Test func `one foreign key among others, and none is deleted`() async throws {
        let stage = KeyStage()
        let user = KeyStage.user("u")
        let own = try await stage.generate(as: user)
        let foreign = try await stage.generate()
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(KeyStage.delete, ["keys": [own["key"] ?? .null, foreign["key"] ?? .null]], as: user)
        }
        #expect(fault?.status == 403)
        #expect(try await stage.key(own.string("token") ?? "") != nil)
        #expect(try await stage.audit().map(\.action) == ["created", "created"])
    }

    @Test func `nothing to delete is refused`() async throws {
        let stage = KeyStage()
        for body in [[:], ["keys": []], ["keys": nil]] as [JSONObject] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(KeyStage.delete, body, form: KeyForms.delete)
            }
            #expect(fault?.status == 422)
        }
    }

    @Test func `an alias in several teams means the key that one may delete`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let user = KeyStage.user("u")
        let own = try await stage.generate(["key_alias": "a"], as: user)
        let foreign = try await stage.generate(["key_alias": "a", "team_id": "t"])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(KeyStage.delete, ["key_aliases": ["a"]])
        }
        #expect(fault?.status == 400 && fault?.param == "key_aliases")
        try await stage.ask(KeyStage.delete, ["key_aliases": ["a"]], as: user)
        #expect(try await stage.key(own.string("token") ?? "") == nil)
        #expect(try await stage.key(foreign.string("token") ?? "") != nil)
    }

    // MARK: Replacing

    @Test func `a new key has all that the old one had, which stops at once`() async throws {
        let stage = KeyStage()
        let old = try await stage.generate([
            "key_alias": "a", "rpm_limit": 5, "spend": 3, "duration": "30d", "metadata": ["x": 1],
        ])
        stage.clock.advance(milliseconds: 1000)
        let new = try await stage.regenerate(["key": old["key"] ?? .null])
        #expect(new["key"] != old["key"] && new["token"] != old["token"])
        for name in ["key_alias", "rpm_limit", "spend", "expires", "metadata", "created_at", "created_by"] {
            #expect(new[name] == old[name], "\(name)")
        }
        #expect(new["key_name"] == .string("sk-...\(new.string("key")?.suffix(4) ?? "")"))
        let kept = try #require(try await stage.key(new.string("token") ?? ""))
        #expect(kept.document["rotation_count"] == 1)
        #expect(kept.document["last_rotation_at"] == .int(KeyStage.start + 1_000_000))
        #expect(kept.spend == Money("3"))
        #expect(try await stage.grant(old.string("key") ?? "") == nil)
        #expect(try await stage.grant(new.string("key") ?? "")?.key == kept)
    }

    @Test func `with grace the old key works on for so long`() async throws {
        let stage = KeyStage()
        let old = try await stage.generate(["key_alias": "a"])
        let new = try await stage.regenerate(["key": old["key"] ?? .null, "grace_period": "1h"])
        let grant = try #require(try await stage.grant(old.string("key") ?? ""))
        #expect(grant.key.id == new.string("token") && grant.revokedAt == KeyStage.start + 3_600_000_000)
        #expect(
            try await stage.ask(KeyStage.info, query: ["key": old.string("key") ?? ""]).object("info")?["key_name"]
                == new["key_name"])
        stage.clock.advance(milliseconds: 3_600_000)
        #expect(try await stage.grant(old.string("key") ?? "") == nil)
        #expect(try await stage.grant(new.string("key") ?? "") != nil)
    }

    @Test(arguments: ["", "0s"])
    func `no grace is no grace, however it is written`(text: String) async throws {
        let stage = KeyStage()
        let old = try await stage.generate()
        try await stage.regenerate(["key": old["key"] ?? .null, "grace_period": .string(text)])
        #expect(try await stage.grant(old.string("key") ?? "") == nil)
    }

    @Test(arguments: ["-1h", "soon", "367d", "1000000mo"])
    func `grace that makes no sense is refused, and the key stays`(text: String) async throws {
        let stage = KeyStage()
        let old = try await stage.generate()
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.regenerate(["key": old["key"] ?? .null, "grace_period": .string(text)])
        }
        #expect(fault?.status == 422 && fault?.param == "grace_period")
        #expect(try await stage.grant(old.string("key") ?? "") != nil)
    }

    @Test func `a new key may be chosen, and have other limits`() async throws {
        let stage = KeyStage()
        let old = try await stage.generate(["rpm_limit": 5])
        let new = try await stage.ask(
            KeyStage.regenerate, ["new_key": "sk-0123456789abc", "rpm_limit": 9, "duration": "1d"],
            form: KeyForms.regenerate, path: ["key": old.string("token") ?? ""])
        #expect(new["key"] == "sk-0123456789abc" && new["rpm_limit"] == 9)
        #expect(new["expires"] == "2026-11-22T03:32:38.571000Z")
    }

    @Test func `a chosen key that is in use, or still works, is refused`() async throws {
        let stage = KeyStage()
        let first = try await stage.generate(["key": "sk-the-first-of-them"])
        try await stage.generate(["key": "sk-the-second-of-them"])
        let key = first["key"] ?? .null
        for taken in ["sk-the-first-of-them", "sk-the-second-of-them"] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.regenerate(["key": key, "new_key": .string(taken)])
            }
            #expect(fault?.status == 409)
        }
        try await stage.regenerate(["key": key, "grace_period": "1h"])
        let again: JSONObject = ["key": "sk-the-first-of-them"]
        #expect(await stage.refusal { () throws(OfficeFault) in try await stage.generate(again) }?.status == 409)
        stage.clock.advance(milliseconds: 3_600_001)
        #expect(try await stage.generate(again)["key"] == key)
    }

    @Test func `a replacement without grace ends all that came before`() async throws {
        let stage = KeyStage()
        let first = try await stage.generate()
        let second = try await stage.regenerate(["key": first["key"] ?? .null, "grace_period": "1d"])
        let third = try await stage.regenerate(["key": second["key"] ?? .null, "grace_period": "1h"])
        #expect(try await stage.grant(first.string("key") ?? "")?.key.id == third.string("token"))
        #expect(try await stage.key(third.string("token") ?? "")?.document["rotation_count"] == 2)
        try await stage.regenerate(["key": third["key"] ?? .null])
        for made in [first, second, third] { #expect(try await stage.grant(made.string("key") ?? "") == nil) }
    }

    @Test func `a replacement is told with both hashes and neither key`() async throws {
        let stage = KeyStage()
        let old = try await stage.generate()
        let new = try await stage.regenerate(["key": old["key"] ?? .null])
        let entry = try #require(try await stage.audit().last)
        #expect(entry.action == "rotated" && entry.objectID == new.string("token"))
        #expect(entry.before?["token"] == old["token"] && entry.after?["token"] == new["token"])
    }

    @Test func `a key that replaces itself is due again a while from now`() async throws {
        let stage = KeyStage()
        let old = try await stage.generate(["auto_rotate": true, "rotation_interval": "1d"])
        stage.clock.advance(milliseconds: 1000)
        let new = try await stage.regenerate(["key": old["key"] ?? .null])
        #expect(
            try await stage.key(new.string("token") ?? "")?.document["key_rotation_at"]
                == .int(KeyStage.start + 86_401_000_000))
    }

    @Test func `the master key is not replaced here, and no key is asked for by name`() async throws {
        let stage = KeyStage()
        let master: JSONObject = ["key": .string(KeyStage.masterKey), "new_master_key": "sk-x"]
        #expect(await stage.refusal { () throws(OfficeFault) in try await stage.regenerate(master) }?.status == 400)
        #expect(await stage.refusal { () throws(OfficeFault) in try await stage.regenerate([:]) }?.status == 422)
    }
}
