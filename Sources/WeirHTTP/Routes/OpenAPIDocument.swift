import HTTPTypes
import NIOCore
import WeirCore
import WeirWire

/// Describes every route (OpenAPI 3.1), from the route table and the list of operations.
enum OpenAPIDocument {
    static func write(_ routes: [RouteTable.Route], version: String) -> Bytes {
        var json = JSONWriter(capacity: 16_384)
        json.beginObject()
        json.member("openapi", "3.1.0")
        json.key("info")
        json.beginObject()
        json.member("title", "Weir")
        json.member("version", version)
        json.member("description", "An OpenAI-compatible gateway in front of every model an organisation uses.")
        json.endObject()
        writeSecurity(&json)
        json.key("paths")
        json.beginObject()
        for operation in Operation.allCases {
            for prefix in ["/v1", ""] { writeCall(prefix + operation.path, operation, inPath: false, &json) }
            for prefix in ["/engines/{model}", "/openai/deployments/{model}"] {
                writeCall(prefix + operation.path, operation, inPath: true, &json)
            }
        }
        for route in routes { write(route, &json) }
        json.endObject()
        json.endObject()
        return json.buffer
    }

    private static func writeSecurity(_ json: inout JSONWriter) {
        json.member(
            "components",
            raw: #"{"securitySchemes":{"key":{"type":"http","scheme":"bearer"}},"#
                + #""schemas":{"Error":{"type":"object","required":["error"],"properties":{"error":{"type":"object","#
                + #""required":["message"],"properties":{"message":{"type":"string"},"type":{"type":["string","null"]},"#
                + #""param":{"type":["string","null"]},"code":{"type":["string","integer","null"]}}}}}}}"#)
        json.member("security", raw: #"[{"key":[]}]"#)
    }

    private static let errors =
        #""default":{"description":"What went wrong, in OpenAI's form.","content":{"application/json":"#
        + ##"{"schema":{"$ref":"#/components/schemas/Error"}}}}"##

    private static func writeCall(_ path: String, _ operation: Operation, inPath: Bool, _ json: inout JSONWriter) {
        json.key(path)
        json.beginObject()
        json.key("post")
        json.beginObject()
        json.member("summary", "OpenAI's \(operation.path.dropFirst()), relayed to the model's provider.")
        if inPath { writeParameter("model", &json) }
        let type = operation.isMultipart ? "multipart/form-data" : "application/json"
        let schema =
            inPath
            ? #"{"type":"object"}"#
            : #"{"type":"object","required":["model"],"properties":{"model":{"type":"string"}}}"#
        json.member("requestBody", raw: #"{"required":true,"content":{"\#(type)":{"schema":\#(schema)}}}"#)
        json.member(
            "responses",
            raw: #"{"200":{"description":"The provider's reply; server-sent events when stream is true."},"# + errors
                + "}")
        json.endObject()
        json.endObject()
    }

    private static func write(_ route: RouteTable.Route, _ json: inout JSONWriter) {
        json.key(route.path.replacing("**", with: "{name}"))
        json.beginObject()
        json.key(route.method.rawValue.lowercased())
        json.beginObject()
        json.member("summary", route.summary)
        if route.path.contains("**") { writeParameter("name", &json) }
        if route.access == .open { json.member("security", raw: "[]") }
        json.member("responses", raw: #"{"200":{"description":"OK"},"# + errors + "}")
        json.endObject()
        json.endObject()
    }

    private static func writeParameter(_ name: String, _ json: inout JSONWriter) {
        json.member(
            "parameters", raw: #"[{"name":"\#(name)","in":"path","required":true,"schema":{"type":"string"}}]"#)
    }
}
