import Foundation
import Testing

@testable import WeirServer

struct RouteAccountTests {
    private static let yaml = """
        model_list:
          - {model_name: m, litellm_params: {model: openai/gpt-4o, api_key: k, weight: 3, tags: [eu]}, model_info: {id: a}}
          - {model_name: m, litellm_params: {model: openai/gpt-4o, api_key: k, weight: 1, tags: [us]}, model_info: {id: b, max_input_tokens: 1000}}
          - {model_name: n, litellm_params: {model: openai/gpt-4o-mini, api_key: k}, model_info: {id: c}}
        router_settings:
          enable_tag_filtering: true
          enable_pre_call_checks: true
          num_retries: 2
          fallbacks: [{m: [n]}]

        """

    private static func account(_ edit: (inout RouteAccount.Question) -> Void) throws -> RouteAccount {
        var question = RouteAccount.Question(model: "m")
        edit(&question)
        return try RouteAccount(try Rehearsal.rooms(yaml), question)
    }

    private static func places(_ account: RouteAccount) throws -> [[String: Any]] {
        let json = try #require(try JSONSerialization.jsonObject(with: Data(account.json.utf8)) as? [String: Any])
        return try #require(json["deployments"] as? [[String: Any]])
    }

    @Test func `without conditions all qualify, in the order of their shares`() throws {
        let places = try Self.places(try Self.account { _ in })
        #expect(places.compactMap { $0["model_id"] as? String } == ["a", "b"])
        #expect(places.compactMap { $0["score"] as? Double } == [75, 25])
        #expect(places.allSatisfy { $0["qualifies"] as? Bool == true })
    }

    @Test func `tags and the length of the prompt say who does not qualify, and why`() throws {
        let tagged = try Self.places(try Self.account { $0.tags = ["us"] })
        #expect(tagged.first?["model_id"] as? String == "b")
        #expect(tagged.last?["reason"] as? String == "its tags do not fit")
        let long = try Self.account { $0.tokens = 5000 }
        let places = try Self.places(long)
        #expect(places.first?["model_id"] as? String == "a")
        #expect((places.last?["reason"] as? String)?.contains("1000 tokens") == true)
        #expect(long.text.contains("longer than 1000 tokens"))
    }

    @Test func `the text tells what follows each failure`() throws {
        let lines = try Self.account { _ in }.text.split(separator: "\n")
        let server = try #require(lines.first { $0.contains("serverError") })
        #expect(server.contains("2"))
        #expect(server.hasSuffix("n"))
        let bad = try #require(lines.first { $0.contains("badRequest") })
        #expect(bad.contains("(nobody)"))
    }

    @Test func `a model that nobody serves is refused with those that there are`() throws {
        #expect { try Self.account { $0.model = "x" } } throws: {
            "\($0)" == "no deployment serves the model 'x'; the models are m, n"
        }
    }
}
