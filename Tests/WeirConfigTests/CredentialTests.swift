import Testing
import WeirConfig
import WeirCore

/// `credential_list`, and what models take from it.
@Suite struct CredentialTests {
    private static let list = """
        credential_list:
        - credential_name: river
          credential_info: {description: of the team, custom_llm_provider: azure}
          credential_values:
            api_key: os.environ/RIVER_KEY
            api_base: https://river.example.com
            api_version: 2024-06-01
            vertex_project: p

        """
    private static let environment = ["RIVER_KEY": "sk-river-secret"]

    private static func model(_ params: String) -> String {
        "model_list:\n- model_name: m\n  litellm_params: {model: azure/m, \(params)}\n"
    }

    private static func read(_ text: String, strict: Bool = false) -> Reading {
        Reading(text, environment: environment, strict: strict)
    }

    @Test func `a model takes from its credential what it does not say itself`() throws {
        let reading = Self.read(Self.list + Self.model("litellm_credential_name: river"))
        #expect(reading.errors == [])
        let model = try #require(reading.document.models.first)
        #expect(model.apiKey?.revealed() == "sk-river-secret")
        #expect(model.apiBase == "https://river.example.com" && model.apiVersion == "2024-06-01")
        #expect(model.vendorSettings.map(\.name) == ["vertex_project"])
        #expect(model.credentialName == "river" && model.defaults == [])
    }

    @Test func `what it says itself stays, whichever word it uses`() throws {
        let own = "litellm_credential_name: river, base_url: https://own.example.com, api_key: sk-own"
        let model = try #require(Self.read(Self.list + Self.model(own)).document.models.first)
        #expect(model.apiKey?.revealed() == "sk-own" && model.apiBase == "https://own.example.com")
        #expect(model.apiVersion == "2024-06-01")
    }

    @Test func `a model of the store takes from a credential of the file`() throws {
        let document = Self.read(Self.list).document
        let entry: JSONObject = [
            "model_name": "s", "litellm_params": ["model": "azure/s", "litellm_credential_name": "river"],
        ]
        let found = StoredEntries.read(entry, document.credentials, environment: [:])
        #expect(found.problems == [])
        #expect(found.entry?.apiKey?.revealed() == "sk-river-secret")
    }

    @Test func `nothing of it is printed, and the API is told names alone`() throws {
        let credential = try #require(Self.read(Self.list).document.credentials.first)
        var text = ""
        dump(credential, to: &text)
        #expect(!text.contains("river-secret") && !"\(credential)".contains("river-secret"))
        #expect(
            credential.shown == [
                "credential_name": "river",
                "credential_info": ["description": "of the team", "custom_llm_provider": "azure"],
                "credential_values": [
                    "api_key": "****", "api_base": "****", "api_version": "****", "vertex_project": "****",
                ],
            ])
    }

    @Test(arguments: [
        ("credential_list: {}\n", "`credential_list` must be a list of entries that begin with `- credential_name:`"),
        ("credential_list: [7]\n", "an entry of `credential_list` is a mapping with"),
        ("credential_list: [{credential_values: {api_key: x}}]\n", "has no `credential_name`"),
        ("credential_list: [{credential_name: a}, {credential_name: a}]\n", "has `a` twice"),
        ("credential_list: [{credential_name: a, credential_values: sk-secret}]\n", "`credential_values` must be"),
    ]) func `what is none is refused, and not repeated`(text: String, problem: String) {
        let errors = Self.read(text + Self.model("api_key: x")).errors
        #expect(errors.count == 1 && errors.first?.contains(problem) == true, "\(errors)")
        #expect(errors.first?.contains("sk-secret") != true)
    }

    @Test func `what no provider is told never becomes a parameter`() throws {
        let list = "credential_list: [{credential_name: a, credential_values: {api_key: x, my_note: y}}]\n"
        let reading = Self.read(list + Self.model("litellm_credential_name: a"))
        #expect(reading.document.models.first?.defaults == [])
        #expect(reading.problems.count == 1 && reading.problems.first?.contains("`my_note`") == true)
    }

    @Test func `a name that the file does not have is left to the store`() {
        let text = Self.list + Self.model("litellm_credential_name: rivr")
        #expect(Self.read(text).errors == [])
        #expect(
            Self.read(text).problems.contains {
                $0.contains("so it must be added by POST /credentials; did you mean `river`?")
            })
        #expect(Self.read(text, strict: true).errors.count == 1)
    }
}
