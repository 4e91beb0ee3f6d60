import Testing
import WeirConfig

@Suite struct FallbackTests {
    private static let models = """
        model_list:
        - {model_name: a, litellm_params: {model: openai/a}}
        - {model_name: b, litellm_params: {model: openai/b}}
        - {model_name: c, litellm_params: {model: openai/c}}
        router_settings: {model_group_alias: {nick: a}}

        """

    @Test func `LiteLLM's own fallbacks are understood`() {
        let reading = Reading(
            """
            model_list:
            - {model_name: a, litellm_params: {model: openai/a}}
            - {model_name: b, litellm_params: {model: openai/b}}
            litellm_settings:
              fallbacks: [{a: [b, {model: b}]}]
              default_fallbacks: [a]
            router_settings:
              context_window_fallbacks: [{a: [b]}]
              content_policy_fallbacks: [{a: b}]
            """)
        #expect(reading.problems == [])
        let rules = reading.document.fallbacks
        #expect(rules.map(\.primary) == ["a", "a", "a", "*"])
        #expect(rules.map(\.backups) == [["b", "b"], ["b"], ["b"], ["a"]])
        #expect(rules.map(\.condition) == [.any, .contextWindow, .contentPolicy, .any])
    }

    @Test func `a list of the router takes the place of the library's`() {
        let reading = Reading(
            """
            model_list:
            - {model_name: a, litellm_params: {model: openai/a}}
            - {model_name: b, litellm_params: {model: openai/b}}
            litellm_settings:
              fallbacks: [{a: [b]}]
            router_settings:
              fallbacks: [{b: [a]}]
            """)
        #expect(
            reading.problems == [
                "config.yaml:5: warning: `fallbacks` is also set in `router_settings` at config.yaml:7, which counts: remove one "
                    + "of the two"
            ])
        #expect(reading.document.fallbacks.map(\.primary) == ["b"])
    }

    @Test func `parameters of a fallback are not acted on, which is said`() {
        let reading = Reading(FallbackTests.models + "fallbacks: [{a: [{model: b, temperature: 0}]}]\n")
        #expect(
            reading.problems == [
                "config.yaml:6: warning: of a fallback only `model` is acted on, not `temperature`: give it a model group of its own"
            ])
        #expect(reading.document.fallbacks.first?.backups == ["b"])
    }

    @Test(arguments: [
        ("[{primary: a, backup: b}, {primary: b, backup: a}]", "`a` → `b` → `a`"),
        ("[{a: [b]}, {b: [c]}, {c: [a]}]", "`a` → `b` → `c` → `a`"),
        ("[{a: [b]}, {b: [nick]}]", "`a` → `b` → `a`"),
        ("[{a: [b, c]}, {c: [b]}, {b: [c]}]", "`b` → `c` → `b`"),
        ("[{primary: a, backup: b, condition: timeout}, {primary: b, backup: a}]", "`a` → `b` → `a`"),
        (
            "[{primary: a, backup: b, condition: context_window}, {primary: b, backup: a, condition: context_window}]",
            "`a` → `b` → `a`"
        ),
    ]) func `fallbacks that go in a circle are an error that names it, once`(rules: String, circle: String) {
        let reading = Reading(FallbackTests.models + "fallbacks: \(rules)\n")
        #expect(
            reading.errors == [
                "config.yaml:6: error: the fallbacks go in a circle: \(circle); remove one of these fallbacks"
            ])
        #expect(reading.result.document == nil)
    }

    @Test(arguments: [
        "[{a: [b, c]}, {b: [c]}]",
        // Each of these is for another kind of failure.
        "[{primary: a, backup: b, condition: timeout}, {primary: b, backup: a, condition: rate_limit}]",
        "[{primary: a, backup: b, condition: context_window}, {primary: b, backup: a}]",
        "[{'*': [a, b]}]", "[{'*': [a]}, {a: [b]}]",
    ]) func `fallbacks without a circle are fine`(rules: String) {
        #expect(Reading(FallbackTests.models + "fallbacks: \(rules)\n").problems == [])
    }

    @Test(arguments: ["[{a: [b, a]}]", "[{primary: nick, backup: a}]"])
    func `a fallback to itself is an error`(rules: String) throws {
        let errors = Reading(FallbackTests.models + "fallbacks: \(rules)\n").errors
        #expect(errors.count == 1)
        let error = try #require(errors.first)
        #expect(error.hasPrefix("config.yaml:6: error: `") && error.contains("is its own fallback"))
    }

    @Test func `a chain as long as a file is no trouble`() {
        let count = 2000
        let rules = (0..<count).map { "- {g\($0): [g\($0 + 1)]}" }.joined(separator: "\n")
        let models = (0...count).map { "- {model_name: g\($0), litellm_params: {model: openai/m}}" }
            .joined(separator: "\n")
        #expect(Reading("model_list:\n\(models)\nfallbacks:\n\(rules)\n").problems == [])
        let closed = Reading("model_list:\n\(models)\nfallbacks:\n\(rules)\n- {g\(count): [g0]}\n").errors
        #expect(closed.count == 1)
    }
}
