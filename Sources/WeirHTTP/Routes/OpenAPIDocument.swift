import HTTPTypes
import NIOCore
import WeirAccess
import WeirCore
import WeirWire

/// Describes every route (OpenAPI 3.1), from the route table and the list of operations.
enum OpenAPIDocument {
    static func write(_ routes: [RouteTable.Route], version: String) -> Bytes {
        var json = JSONWriter(capacity: 262_144)
        json.value(.object(document(routes, version: version)))
        return json.buffer
    }

    private static func document(_ routes: [RouteTable.Route], version: String) -> JSONObject {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Weir", "version": .string(version),
                "description": "An OpenAI-compatible gateway in front of every model an organisation uses.",
            ],
            "components": [
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(OpenAPISchemas.shared),
            ],
            "security": [["key": []]],
            "paths": .object(paths(routes)),
        ]
    }

    /// The methods of one path stand in one item, wherever they stand in the table.
    private static func paths(_ routes: [RouteTable.Route]) -> JSONObject {
        var names: [String] = []
        var items: [String: JSONObject] = [:]
        func add(_ path: String, _ method: String, _ operation: JSONObject) {
            if items[path] == nil { names.append(path) }
            items[path, default: JSONObject()][method] = .object(operation)
        }
        for call in OpenAPICalls.all { add(call.path, "post", call.operation) }
        for route in routes {
            add(OpenAPIPath.text(route.path), route.method.rawValue.lowercased(), operation(route))
        }
        return JSONObject(names.map { .init($0, .object(items[$0] ?? JSONObject())) })
    }

    private static func operation(_ route: RouteTable.Route) -> JSONObject {
        var operation = JSONObject()
        operation["summary"] = .string(route.summary)
        operation["description"] = .string(callers(route.access))
        operation["operationId"] = .string(OpenAPIPath.identifier(route.path, route.method.rawValue.lowercased()))
        operation["tags"] = [.string(OpenAPIPath.family(route.path))]
        let parameters = OpenAPIPath.parameters(route.path) + route.query.fields.map(OpenAPISchemas.question)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if !route.body.fields.isEmpty || route.body.isOpen {
            operation["requestBody"] = [
                "required": .bool(route.body.fields.contains(where: \.isRequired)),
                "content": ["application/json": ["schema": .object(OpenAPISchemas.body(route.body))]],
            ]
        }
        if route.access == .open { operation["security"] = [] }
        operation["responses"] = .object(OpenAPIReplies.replies(to: route))
        return operation
    }

    private static func callers(_ access: RouteTable.Access) -> String {
        switch access {
        case .open: return "Open to everybody."
        case .key: return "For everybody with a key."
        case .roles(let roles):
            if roles == .everybody { return "For everybody with a key." }
            let names = Role.allCases.filter(roles.contains).map(\.rawValue)
            let tail = roles == .proxyAdmin ? "" : " Each sees and changes only what is his to see and change."
            return "For the roles " + names.joined(separator: ", ") + "." + tail
        }
    }
}
