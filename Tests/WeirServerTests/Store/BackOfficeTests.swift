import Testing
import WeirAccess
import WeirConfig
import WeirCore
import WeirDrivers
import WeirTestKit

@testable import WeirServer

@Suite struct BackOfficeTests {
    private func with(_ yaml: String, _ work: (BackOffice) async throws -> Void) async throws {
        let reading = ConfigReader.read(path: "c.yaml", source: MemorySource(["c.yaml": yaml]), environment: [:])
        let document = try #require(reading.document, "\(reading.problems)")
        let time = TestClock().source
        let house = StoreHouse(try SQLiteDatabase.temporary(), title: "SQLite", time: time)
        let office = BackOffice(house, document, time: time)
        do {
            try await office.house.prepare()
            try await work(office)
        } catch {
            await office.close()
            throw error
        }
        await office.close()
    }

    @Test func `bounds of the configuration hold for keys that are made at the store itself`() async throws {
        let yaml = """
            litellm_settings:
              upperbound_key_generate_params: {max_budget: 10}
              default_key_generate_params: {tpm_limit: 77}
            """
        try await with(yaml) { office in
            let made = try await office.answer("POST", "/key/generate", body: ["max_budget": .int(5)], query: [:])
            #expect(made?.object?.int("tpm_limit") == 77)
            await #expect(throws: OfficeFault.self) {
                try await office.answer("POST", "/key/generate", body: ["max_budget": .int(50)], query: [:])
            }
        }
    }

    @Test(arguments: [("1.83", true), ("1.109", false)])
    func `answers have the form that the configuration wants`(_ compat: String, _ tellsNothing: Bool) async throws {
        try await with("general_settings: {compat: \"\(compat)\"}") { office in
            _ = try await office.answer("POST", "/team/new", body: ["team_id": "t"], query: [:])
            let answer = try await office.answer("GET", "/team/info", body: [:], query: ["team_id": "t"])
            let team = try #require(answer?.object?.object("team_info"))
            #expect((team["soft_budget"] == .null) == tellsNothing)
        }
    }

    @Test func `a route that is none has no answer`() async throws {
        try await with("") { office in
            for path in ["/key/generate", "/nowhere"] {
                let answer = try await office.answer("GET", path, body: [:], query: [:])
                #expect(answer == nil)
            }
        }
    }

    @Test func `what a route's forms refuse is refused here`() async throws {
        try await with("") { office in
            await #expect(throws: OfficeFault.self) {
                try await office.answer("POST", "/key/generate", body: ["models": "not a list"], query: [:])
            }
        }
    }
}
