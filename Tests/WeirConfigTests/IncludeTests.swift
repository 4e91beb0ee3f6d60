import Testing
import WeirConfig
import WeirCore

/// Files that include files.
@Suite struct IncludeTests {
    private func entry(_ name: String) -> String {
        "- model_name: \(name)\n  litellm_params: {model: openai/\(name)}\n"
    }

    @Test func `lists are appended and mappings merged, also from a file that an included file includes`() {
        let reading = Reading(
            "include: [models/a.yaml]\nmodel_list:\n\(entry("main"))litellm_settings: {drop_params: true}\n",
            including: [
                "models/a.yaml":
                    "include: deeper/b.yaml\nmodel_list:\n\(entry("a"))litellm_settings: {json_logs: true}\n",
                "models/deeper/b.yaml": "model_list:\n\(entry("b"))general_settings: {compat: 1.109}\n",
            ])
        #expect(reading.problems == [])
        #expect(reading.document.models.map(\.name) == ["main", "a", "b"])
        #expect(
            reading.document.models.map(\.place.description) == [
                "config.yaml:3", "models/a.yaml:3", "models/deeper/b.yaml:2",
            ])
        #expect(reading.document.litellm.dropParams && reading.document.litellm.jsonLogs)
        #expect(reading.document.general.compat == .v1_109)
        #expect(reading.document.files == ["config.yaml", "models/a.yaml", "models/deeper/b.yaml"])
    }

    @Test func `of two values the included one wins, which is warned of`() {
        let reading = Reading(
            "include: [a.yaml]\nlitellm_settings: {request_timeout: 1}\n",
            including: ["a.yaml": "litellm_settings:\n  request_timeout: 2\n"])
        #expect(
            reading.problems == [
                "a.yaml:2: warning: `request_timeout` is also set at config.yaml:2: the included file's value is used; remove one"
            ]
        )
        #expect(reading.document.litellm.requestTimeout == .seconds(2))
    }

    @Test func `a list and a mapping cannot be merged`() {
        let reading = Reading("include: [a.yaml]\nmodel_list: []\n", including: ["a.yaml": "model_list: {}\n"])
        #expect(
            reading.errors == [
                "a.yaml:1: error: `model_list` is a mapping here but a list at config.yaml:2: give both the same form"
            ]
        )
    }

    @Test func `problems of all files are told, each with its file`() {
        let reading = Reading(
            "include:\n- a.yaml\n- missing.yaml\n- broken.yaml\nzzz: 1\n",
            including: ["a.yaml": "litellm_settings: {drop_params: 5}\n", "broken.yaml": "a: [\n"])
        #expect(
            reading.result.problems.map(\.place.description) == [
                "config.yaml:3", "config.yaml:5", "a.yaml:1", "broken.yaml:2",
            ])
        #expect(
            reading.problems[0] == "config.yaml:3: error: the included file missing.yaml cannot be read: no such file")
        #expect(reading.result.files == ["config.yaml", "a.yaml", "missing.yaml", "broken.yaml"])
    }

    @Test func `files that include each other are an error`() {
        let reading = Reading("include: [a.yaml]\n", including: ["a.yaml": "include: [config.yaml]\n"])
        #expect(
            reading.errors == [
                "a.yaml:1: error: files include each other in a circle: config.yaml → a.yaml → config.yaml; remove one of the includes"
            ]
        )
    }

    @Test func `a file is read once`() {
        let reading = Reading("include: [a.yaml, a.yaml]\n", including: ["a.yaml": "model_list:\n\(entry("a"))"])
        #expect(reading.document.models.count == 1)
        #expect(
            reading.problems == [
                "config.yaml:1: warning: a.yaml is included already and is not read a second time: remove this line"
            ]
        )
    }

    @Test func `the name of an included file can come from the environment`() {
        let reading = Reading(
            "include: ['${SITE}.yaml']\n", including: ["north.yaml": "model_list:\n\(entry("a"))"],
            environment: ["SITE": "north"])
        #expect(reading.document.models.count == 1)
    }

    @Test func `an include that is no name is an error`() {
        #expect(
            Reading("include: [{a: b}]\n").errors == [
                "config.yaml:1: error: `include` takes a list of file names, not a mapping"
            ])
    }
}
