import HTTPTypes
import Hummingbird
import NIOCore
import WeirCore
import WeirWire

/// The list of models, in OpenAI's form.
enum ModelRoutes {
    /// LiteLLM gives every model this time of creation.
    private static let created = 1_677_610_602

    static func add(to table: inout RouteTable, _ house: any House) {
        for prefix in ["/v1", ""] {
            table.get("\(prefix)/models", .key, "The models that can be called.") { _, context in
                .json(list(house.models(for: try context.access.get()), house.compat))
            }
            // Names may hold slashes, so everything behind the prefix is the name.
            table.get("\(prefix)/models/**", .key, "One model.") { request, context in
                let name = String(request.uri.path.dropFirst("\(prefix)/models/".count))
                return try one(PercentText.decoded(name.utf8), house, try context.access.get())
            }
        }
    }

    private static func list(_ models: [ListedModel], _ compat: Compat) -> Bytes {
        var json = JSONWriter(capacity: 128 * (models.count + 1))
        json.beginObject()
        json.key("data")
        json.beginArray()
        for model in models { write(model, compat, &json) }
        json.endArray()
        json.member("object", "list")
        json.endObject()
        return json.buffer
    }

    private static func one(
        _ name: String, _ house: any House, _ principal: Principal
    ) throws(GatewayFault) -> Response {
        guard let model = house.models(for: principal).first(where: { $0.id == name }) else {
            var json = JSONWriter()
            json.beginObject()
            json.key("error")
            json.beginObject()
            json.member("message", "The model '\(name)' does not exist; /v1/models lists those that do.")
            json.member("type", "invalid_request_error")
            json.member("param", "model")
            json.member("code", "404")
            json.endObject()
            json.endObject()
            return .json(json.buffer, status: .notFound)
        }
        var json = JSONWriter()
        write(model, house.compat, &json)
        return .json(json.buffer)
    }

    private static func write(_ model: ListedModel, _ compat: Compat, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("id", model.id)
        json.member("object", "model")
        json.member("created", int: created)
        json.member("owned_by", model.owner)
        if compat == .v1_109 {
            if let mode = model.mode { json.member("mode", mode) }
            if let tokens = model.maxInputTokens { json.member("max_input_tokens", int: tokens) }
            if let tokens = model.maxOutputTokens { json.member("max_output_tokens", int: tokens) }
        }
        json.endObject()
    }
}
