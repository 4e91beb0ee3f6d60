import Testing
import WeirConfig
import WeirCore

/// References to the environment.
@Suite struct EnvironmentTests {
    private func organization(_ yaml: String, _ environment: [String: String]) -> String? {
        let text = "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n    organization: \(yaml)\n"
        return Reading(text, environment: environment).document.models.first?.organization
    }

    @Test(arguments: [
        ("os.environ/A", "one"), ("${A}", "one"), ("x-${A}-${B}", "x-one-two"), ("\"${A}\"", "one"),
        ("${C:-three}", "three"),
        ("${A:-three}", "one"), ("${EMPTY:-three}", "three"), ("x${EMPTY}y", "xy"), ("${C:-}z", "z"), ("$${A}", "${A}"),
        ("a$b", "a$b"), ("x os.environ/A", "x os.environ/A"), ("${C:-${A}", "${A"),
    ]) func `a reference becomes the variable's value`(yaml: String, value: String) {
        #expect(organization(yaml, ["A": "one", "B": "two", "EMPTY": ""]) == value)
    }

    @Test func `a part of the model's name can come from the environment`() {
        let text = "model_list:\n- model_name: m\n  litellm_params: {model: 'azure/${NAME}'}\n"
        #expect(Reading(text, environment: ["NAME": "gpt-4o"]).document.models.first?.model == "gpt-4o")
        #expect(
            Reading(text, environment: ["NAME": ""]).errors == [
                "config.yaml:3: error: `model` has nothing after the slash: write it as provider/name, such as openai/gpt-4o-mini; is "
                    + "NAME empty?"
            ]
        )
    }

    @Test func `a number from the environment is a number`() {
        let text = """
            model_list:
            - model_name: m
              litellm_params:
                model: openai/m
                timeout: "${T}"
                temperature: "${T}"
                top_p: ${T}
                user: os.environ/T
            """
        let model = Reading(text, environment: ["T": "3"]).document.models.first
        #expect(model?.timeout == .seconds(3))
        #expect(model?.defaults.map(\.json) == ["\"3\"", "3", "\"3\""])
    }

    @Test func `every missing variable is named with the line that wants it, and nothing else is said of its value`() {
        let reading = Reading(
            """
            model_list:
            - model_name: ${NAME}
              litellm_params:
                model: azure/${DEPLOYMENT}
                api_base: os.environ/BASE
                api_key: ${KEY}
                timeout: ${WAIT}
            general_settings:
              master_key: os.environ/MASTER
            auth: {tokens: ['${TOKEN}']}
            """)
        let expected = [
            ("NAME", 2), ("DEPLOYMENT", 4), ("BASE", 5), ("KEY", 6), ("WAIT", 7), ("MASTER", 9), ("TOKEN", 10),
        ]
        #expect(
            reading.problems
                == expected.map { name, line in
                    "config.yaml:\(line): error: the environment variable \(name) is not set: set it (it may be empty), or write "
                        + "`${\(name):-default}`"
                }
        )
    }

    @Test func `variables of the file come before those around it, and can use each other`() {
        let text = """
            environment_variables:
              HOST: inner
              BASE: https://${HOST}.example
              COUNT: 3
            model_list:
            - model_name: m
              litellm_params: {model: openai/m, api_base: os.environ/BASE}
            """
        let document = Reading(text, environment: ["HOST": "outer"]).document
        #expect(document.models.first?.apiBase == "https://inner.example")
        #expect(document.environmentVariables.map(\.name) == ["HOST", "BASE", "COUNT"])
        #expect(document.environmentVariables.last?.value.revealed() == "3")
    }

    @Test func `a value from the environment is never shown`() {
        let reading = Reading(
            "model_list:\n- model_name: m\n  litellm_params: {model: openai/m, api_base: '${B}', weight: '${B}'}\n",
            environment: ["B": "hunter2"])
        #expect(reading.errors.count == 2)
        #expect(reading.errors.allSatisfy { $0.contains("not the value of B") && !$0.contains("hunter2") })
    }

    @Test func `settings can come from the environment alone`() {
        let reading = Reading(
            "model_list: []\n",
            environment: [
                "LITELLM_MASTER_KEY": "sk-1", "WEIR_COMPAT": "1.109", "SEPARATE_HEALTH_APP": "1",
                "SEPARATE_HEALTH_PORT": "5001",
            ])
        #expect(reading.problems == [])
        #expect(reading.document.general.masterKey?.revealed() == "sk-1")
        #expect(reading.document.general.compat == .v1_109)
        #expect(reading.document.features.separateHealthPort == 5001)
    }

    @Test func `what the file says comes before the environment`() {
        let reading = Reading(
            "general_settings: {master_key: sk-file, compat: 1.83}\nfeatures: {separate_health_app: false}\n",
            environment: ["LITELLM_MASTER_KEY": "sk-1", "WEIR_COMPAT": "1.109", "SEPARATE_HEALTH_APP": "1"])
        #expect(reading.document.general.masterKey?.revealed() == "sk-file")
        #expect(reading.document.general.compat == .v1_83)
        #expect(reading.document.features.separateHealthPort == nil)
    }

    @Test(arguments: [
        ("WEIR_COMPAT", "2", "WEIR_COMPAT must be one of `1.83`, `1.109`"),
        ("SEPARATE_HEALTH_APP", "perhaps", "SEPARATE_HEALTH_APP must be 1 or 0"),
        ("SEPARATE_HEALTH_PORT", "70000", "SEPARATE_HEALTH_PORT must be a whole number from 1 to 65535"),
    ]) func `a wrong setting in the environment is an error`(name: String, value: String, message: String) {
        let reading = Reading(
            "model_list: []\n", environment: ["SEPARATE_HEALTH_APP": "1"].merging([name: value]) { $1 })
        #expect(reading.errors == ["environment: error: \(message)"])
    }
}
