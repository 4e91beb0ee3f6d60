import WeirCore

/// The routes that call a model, as OpenAPI describes them.
enum OpenAPICalls {
    static let all: [(path: String, operation: JSONObject)] =
        Operation.allCases.flatMap { operation in
            let versions = ["/v1", ""] + (operation == .rerank ? ["/v2"] : [])
            return versions.map { ($0 + operation.path, call($0 + operation.path, operation, inPath: false)) }
                + ["/engines/{model}", "/openai/deployments/{model}"].map {
                    ($0 + operation.path, call($0 + operation.path, operation, inPath: true))
                }
        }

    private static func call(_ path: String, _ operation: Operation, inPath: Bool) -> JSONObject {
        var call = JSONObject()
        call["summary"] = .string("OpenAI's \(operation.path.dropFirst()), relayed to the model's provider.")
        call["description"] = "For everybody with a key, within the models and limits of that key."
        call["operationId"] = .string(OpenAPIPath.identifier(path, "post"))
        call["tags"] = [.string(String(operation.path.dropFirst()))]
        let parameters = OpenAPIPath.parameters(path)
        if !parameters.isEmpty { call["parameters"] = .array(parameters) }
        let schema: JSONValue =
            inPath
            ? ["type": "object"]
            : ["type": "object", "required": ["model"], "properties": ["model": ["type": "string", "minLength": 1]]]
        let type = operation.isMultipart ? "multipart/form-data" : "application/json"
        call["requestBody"] = ["required": true, "content": .object([type: ["schema": schema]])]
        call["responses"] = .object(OpenAPIReplies.ofCalls)
        return call
    }
}
