import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// Changing keys, one and many.
struct KeyChangeTests {
    private func make(_ stage: KeyStage, _ body: JSONObject = [:]) async throws -> (key: JSONValue, hash: String) {
        let made = try await stage.generate(body)
        return (made["key"] ?? .null, made.string("token") ?? "")
    }

    // MARK: One

    @Test func `only what is named changes, and null takes it away`() async throws {
        let stage = KeyStage()
        let (key, hash) = try await make(
            stage, ["max_budget": 5, "rpm_limit": 3, "models": ["m"], "tags": ["a"], "metadata": ["x": 1]])
        let before = try #require(try await stage.key(hash)?.document)
        try await stage.update(["key": key, "rpm_limit": nil, "tpm_limit": 7])
        let after = try #require(try await stage.key(hash)?.document)
        #expect(after["rpm_limit"] == nil && after["tpm_limit"] == 7)
        for name in ["max_budget", "models", "metadata", "key_name"] { #expect(after[name] == before[name], "\(name)") }
        try await stage.update(["key": .string(hash), "models": [], "tags": ["b"]])
        let last = try #require(try await stage.key(hash)?.document)
        #expect(last["models"] == nil && last["metadata"] == ["x": 1, "tags": ["b"]])
    }

    @Test func `a change is told with what was before and after, by whom and when`() async throws {
        let stage = KeyStage()
        let (key, hash) = try await make(stage, ["rpm_limit": 1])
        stage.clock.advance(milliseconds: 1000)
        try await stage.update(["key": key, "rpm_limit": 2, "spend": 3])
        let entry = try #require(try await stage.audit().last)
        #expect(entry.action == "updated" && entry.objectID == hash && entry.at == KeyStage.start + 1_000_000)
        #expect(entry.before?["rpm_limit"] == 1 && entry.after?["rpm_limit"] == 2)
        #expect(entry.before?["spend"] == .number("0.0") && entry.after?["spend"] == .number("3.0"))
        let kept = try #require(try await stage.key(hash))
        #expect(kept.updatedAt == KeyStage.start + 1_000_000 && kept.createdAt == KeyStage.start)
        #expect(kept.spend == Money("3"))
    }

    @Test func `a new life begins now, and -1 or null is for ever`() async throws {
        for end in ["-1", nil] as [JSONValue] {
            let stage = KeyStage()
            let (key, hash) = try await make(stage, ["duration": "1d"])
            stage.clock.advance(milliseconds: 1000)
            try await stage.update(["key": key, "duration": "1h"])
            #expect(try await stage.key(hash)?.document["expires"] == .int(KeyStage.start + 3_601_000_000))
            try await stage.update(["key": key, "duration": end])
            #expect(try await stage.key(hash)?.document["expires"] == nil)
        }
    }

    @Test func `a new period of a budget begins now`() async throws {
        let stage = KeyStage()
        let (key, hash) = try await make(stage)
        try await stage.update(["key": key, "budget_duration": "1d"])
        #expect(
            try await stage.key(hash)?.document["budget_reset_at"]
                == .int(try #require(MomentText.microseconds("2026-11-22"))))
        try await stage.update(["key": key, "budget_duration": nil])
        #expect(try await stage.key(hash)?.document["budget_reset_at"] == nil)
    }

    @Test func `the name of a service account stays`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let made = try await stage.ask(KeyStage.generateForService, ["team_id": "t", "key_alias": "ci"])
        let key = made["key"] ?? .null
        #expect(
            try await stage.update(["key": key, "metadata": ["b": 2]])["metadata"]
                == ["b": 2, "service_account_id": "ci"])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.update(["key": key, "metadata": ["service_account_id": "x"]])
        }
        #expect(fault?.status == 400)
        #expect(fault?.message == "service_account_id is immutable once set and cannot be changed via update.")
    }

    @Test func `a key may be meant by its alias`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let (_, hash) = try await make(stage, ["key_alias": "a"])
        let changed = try await stage.update(["key_alias": "a", "rpm_limit": 5])
        #expect(changed["token"] == .string(hash) && changed["rpm_limit"] == 5 && changed["key"] == .string(hash))
        _ = try await make(stage, ["key_alias": "a", "team_id": "t"])
        for (alias, status) in [("a", 400), ("b", 404)] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key_alias": .string(alias), "rpm_limit": 5])
            }
            #expect(fault?.status == status, "\(alias)")
        }
        let fault = await stage.refusal { () throws(OfficeFault) in try await stage.update(["rpm_limit": 5]) }
        #expect(fault?.status == 422)
    }

    @Test func `an alias that another key has is refused, its own is not`() async throws {
        let stage = KeyStage()
        _ = try await make(stage, ["key_alias": "a"])
        let (key, _) = try await make(stage, ["key_alias": "b"])
        #expect(try await stage.update(["key": key, "key_alias": "b", "rpm_limit": 1])["key_alias"] == "b")
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.update(["key": key, "key_alias": "a"])
        }
        #expect(fault?.status == 400 && fault?.param == "key_alias")
        #expect(try await stage.update(["key": key, "key_alias": nil])["key_alias"] == nil)
    }

    @Test func `a key that is not there is not changed`() async throws {
        let stage = KeyStage()
        for action in [KeyStage.update, KeyStage.block, KeyStage.unblock, KeyStage.regenerate] {
            let fault = try #require(
                await stage.refusal { () throws(OfficeFault) in try await stage.ask(action, ["key": "sk-unknown"]) })
            #expect(fault.status == 404 && fault.type == "not_found_error")
            let hidden = await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(action, ["key": "sk-unknown"], as: KeyStage.user("u"))
            }
            #expect(hidden?.status == 403)
        }
    }

    @Test func `the master key is left alone, even where the store has one like it`() async throws {
        let stage = KeyStage()
        let hash = KeyDigest(of: Secret(KeyStage.masterKey)).hex
        try await stage.add(.keys, hash, ["key_alias": "master"])
        let before = try await stage.key(hash)
        for name in [KeyStage.masterKey, hash] {
            for action in [KeyStage.update, KeyStage.block, KeyStage.unblock, KeyStage.regenerate, KeyStage.delete] {
                let fault = await stage.refusal { () throws(OfficeFault) in
                    try await stage.ask(action, ["key": .string(name), "keys": [.string(name)], "rpm_limit": 1])
                }
                #expect(fault?.status == 400)
            }
        }
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(KeyStage.resetSpend, ["reset_to": 0], path: ["key": hash])
        }
        #expect(fault?.status == 400)
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(KeyStage.info, query: ["key": hash])
            }?.status == 404)
        #expect(try await stage.key(hash) == before)
        #expect(try await stage.audit().isEmpty)
    }

    // MARK: Moving

    @Test func `a key moves to a team that is not smaller than it`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t", ["tpm_limit": 10, "max_budget": 5, "models": ["m"]])
        try await stage.add(.teams, "wide")
        for body in [["tpm_limit": 11], ["max_budget": 6], ["models": ["n"]]] as [JSONObject] {
            let (key, _) = try await make(stage, body)
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": key, "team_id": "t"])
            }
            #expect(fault?.status == 400, "\(body)")
            #expect(try await stage.update(["key": key, "team_id": "wide"])["team_id"] == "wide")
        }
        let (key, _) = try await make(stage)
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": key, "team_id": "nowhere"])
            }?.status == 404)
    }

    @Test func `a team that became smaller does not hold up other changes`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let (key, _) = try await make(stage, ["team_id": "t", "max_budget": 50, "models": ["n"]])
        try await stage.store.write { session in
            guard var team = try session.entity(.teams, "t") else { return }
            team.document = ["max_budget": 5, "models": ["m"]]
            try session.update(team)
        }
        #expect(try await stage.update(["key": key, "key_alias": "a"])["key_alias"] == "a")
        #expect(try await stage.update(["key": key, "max_budget": 4])["max_budget"] == .number("4.0"))
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.update(["key": key, "max_budget": 6])
        }
        #expect(fault?.status == 400)
    }

    @Test func `a user takes his key only where he may make one`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "led")
        try await stage.add(.teams, "other")
        try await stage.add("u", to: "led", "admin")
        try await stage.add("u", to: "other")
        let user = KeyStage.user("u")
        let key = try await stage.generate(as: user)["key"] ?? .null
        #expect(try await stage.update(["key": key, "team_id": "led"], as: user)["team_id"] == "led")
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": key, "team_id": "other"], as: user)
            }?.status == 403)
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": key, "user_id": nil], as: user)
            }?.message == "Non-admin users cannot remove the user_id from a key.")
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": key, "user_id": "v"], as: user)
            }?.status == 400)
        #expect(try await stage.update(["key": key, "team_id": nil], as: user)["team_id"] == nil)
        let foreign = try await stage.generate(["team_id": "led", "user_id": "v"])["key"] ?? .null
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": foreign, "team_id": nil], as: user)
            }?.status == 403)
        #expect(try await stage.update(["key": foreign, "user_id": nil])["user_id"] == nil)
    }

    // MARK: Blocking and spend

    @Test func `a key is blocked and let in again, each told to the auditor`() async throws {
        let stage = KeyStage()
        let (key, hash) = try await make(stage)
        #expect(try await stage.ask(KeyStage.block, ["key": key], form: KeyForms.block)["blocked"] == true)
        #expect(try await stage.key(hash)?.document["blocked"] == true)
        let info = try await stage.ask(KeyStage.info, query: ["key": hash]).object("info")
        #expect(info?["status"] == "blocked")
        #expect(try await stage.ask(KeyStage.unblock, ["key": .string(hash)], form: KeyForms.block)["blocked"] == false)
        #expect(try await stage.audit().map(\.action) == ["created", "blocked", "unblocked"])
    }

    @Test func `spend is set back, and never forth`() async throws {
        let stage = KeyStage()
        let (_, hash) = try await make(stage, ["spend": 7, "max_budget": 10, "budget_duration": "1d"])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(KeyStage.resetSpend, ["reset_to": 8], form: KeyForms.resetSpend, path: ["key": hash])
        }
        #expect(fault?.status == 400)
        #expect(
            try await stage.ask(KeyStage.resetSpend, ["reset_to": 2], form: KeyForms.resetSpend, path: ["key": hash])
                == [
                    "key_hash": .string(hash), "spend": .number("2.0"), "previous_spend": .number("7.0"),
                    "max_budget": .number("10.0"), "budget_reset_at": "2026-11-22T00:00:00Z",
                ])
        #expect(try await stage.key(hash)?.spend == Money("2"))
        #expect(try await stage.audit().last?.after?["spend"] == .number("2.0"))
    }

    // MARK: Many

    @Test func `of many keys each is changed or refused for itself`() async throws {
        let stage = KeyStage()
        let (key, hash) = try await make(stage)
        let (other, otherHash) = try await make(stage)
        let answer = try await stage.ask(
            KeyStage.bulkUpdate,
            [
                "keys": [
                    ["key": key, "max_budget": 5, "tags": ["a"]], ["key": "sk-unknown", "max_budget": 5],
                    ["key": other, "team_id": "nowhere", "max_budget": 9],
                ]
            ], form: KeyForms.bulkUpdate)
        #expect(answer["total_requested"] == 3)
        let done = try #require(answer["successful_updates"]?.array)
        #expect(done.count == 1 && done[0].object?.object("key_info")?["max_budget"] == .number("5.0"))
        let refused = try #require(answer["failed_updates"]?.array)
        #expect(refused.map { $0.object?["key"] } == ["sk-unknown", other])
        #expect(refused[1].object?.string("failed_reason")?.hasPrefix("Team doesn't exist in db") == true)
        #expect(try await stage.key(hash)?.document.object("metadata") == ["tags": ["a"]])
        #expect(try await stage.key(otherHash)?.document["max_budget"] == nil)
        #expect(try await stage.audit().filter { $0.action == "updated" }.map(\.objectID) == [hash])
    }

    @Test(
        arguments: [
            ["keys": []], ["keys": ["sk-x"]], ["keys": [["max_budget": 5]]],
            ["keys": [["key": "sk-x", "max_budget": -5]]],
            ["keys": .array(Array(repeating: ["key": "sk-x"], count: 501))],
        ] as [JSONObject])
    func `many keys that make no sense are refused as a whole`(body: JSONObject) async throws {
        let stage = KeyStage()
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(KeyStage.bulkUpdate, body, form: KeyForms.bulkUpdate)
            })
        #expect((400...422).contains(fault.status))
    }

    @Test func `all keys of a team are changed alike, and no others`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        try await stage.add("lead", to: "t", "admin")
        let (_, first) = try await make(stage, ["team_id": "t"])
        let (second, _) = try await make(stage, ["team_id": "t"])
        let (foreign, foreignHash) = try await make(stage)
        let lead = KeyStage.user("lead")
        let all = try await stage.ask(
            KeyStage.bulkUpdateOfTeam,
            ["team_id": "t", "all_keys_in_team": true, "update_fields": ["rpm_limit": 5]],
            form: KeyForms.teamBulkUpdate, as: lead)
        #expect(all["total_requested"] == 2 && all["successful_updates"]?.array?.count == 2)
        #expect(try await stage.key(first)?.document["rpm_limit"] == 5)
        #expect(try await stage.key(foreignHash)?.document["rpm_limit"] == nil)
        let some = try await stage.ask(
            KeyStage.bulkUpdateOfTeam,
            ["team_id": "t", "key_ids": [second, foreign], "update_fields": ["rpm_limit": 6]],
            form: KeyForms.teamBulkUpdate)
        #expect(some["successful_updates"]?.array?.count == 1)
        #expect(
            some["failed_updates"]?.array?.first?.object?["failed_reason"] == "The key does not belong to team t.")
    }

    @Test(
        arguments: [
            ["update_fields": ["rpm_limit": 5]],
            ["key_ids": ["sk-x"], "all_keys_in_team": true, "update_fields": ["rpm_limit": 5]],
            ["all_keys_in_team": true, "update_fields": [:]],
            ["all_keys_in_team": true, "update_fields": ["team_id": "other"]],
            ["all_keys_in_team": true, "update_fields": ["spend": 0]],
            ["all_keys_in_team": true, "update_fields": ["rpm_limit": -1]],
        ] as [JSONObject])
    func `a change to a team's keys names the keys and nothing that moves them`(body: JSONObject) async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(
                KeyStage.bulkUpdateOfTeam, body.merging(["team_id": "t"]), form: KeyForms.teamBulkUpdate)
        }
        #expect(fault?.status == 422)
    }

    @Test(arguments: [("member", 403), ("stranger", 403)])
    func `only who leads a team changes all its keys`(user: String, status: Int) async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t", ["team_member_permissions": ["/key/update"]])
        try await stage.add("member", to: "t")
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(
                KeyStage.bulkUpdateOfTeam,
                ["team_id": "t", "all_keys_in_team": true, "update_fields": ["rpm_limit": 5]],
                as: KeyStage.user(user))
        }
        #expect(fault?.status == status)
    }
}
