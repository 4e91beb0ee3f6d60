import Testing
import WeirAccess
import WeirCore

struct SecretMembersTests {
    private func secrets(_ object: JSONObject) -> [String] {
        SecretMembers.places(object).filter(\.isSecret).map(\.path)
    }

    @Test(arguments: [
        "api_key", "API_KEY", "x-api-key", "aws_secret_access_key", "aws_session_token", "vertex_credentials",
        "client_secret", "azure_ad_token", "azure_password", "Authorization", "Ocp-Apim-Subscription-Key",
    ])
    func `a secret is known by its name`(name: String) {
        #expect(secrets([name: "value"]).count == 1)
    }

    @Test(arguments: [
        "model", "api_base", "max_tokens", "litellm_credential_name", "input_cost_per_token_priority",
        "aws_access_key_id", "aws_region_name", "custom_tokenizer", "credential_info", "organization",
    ])
    func `what is none stays readable`(name: String) {
        #expect(secrets([name: "value"]).isEmpty)
    }

    @Test func `everything within a secret is one, and so is every header`() {
        let document: JSONObject = [
            "litellm_params": [
                "vertex_credentials": ["client_email": "a@b", "list": ["x", "y"], "n": 1],
                "extra_headers": ["X-Any~/Name": "v"],
                "model": "openai/gpt",
            ]
        ]
        #expect(
            secrets(document) == [
                "/litellm_params/vertex_credentials/client_email", "/litellm_params/vertex_credentials/list/0",
                "/litellm_params/vertex_credentials/list/1", "/litellm_params/extra_headers/X-Any~0~1Name",
            ])
    }

    @Test(arguments: [
        ("https://user:pass@host/v1", true), ("https://host/v1", false), ("https://host/a@b", false), ("a@b", false),
    ])
    func `an address with a password in it is a secret`(text: String, isSecret: Bool) {
        #expect(secrets(["api_base": .string(text)]).isEmpty != isSecret)
    }
}
