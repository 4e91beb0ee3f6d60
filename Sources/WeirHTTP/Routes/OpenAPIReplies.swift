import HTTPTypes
import WeirCore

/// What routes answer, as OpenAPI describes it.
enum OpenAPIReplies {
    private static let refusal: JSONValue = [
        "description": "What went wrong, in OpenAI's form.",
        "content": [
            "application/json": [
                "schema": [
                    "anyOf": [["$ref": "#/components/schemas/Error"], ["$ref": "#/components/schemas/Detail"]]
                ]
            ]
        ],
    ]

    static let ofCalls: JSONObject = [
        "200": ["description": "The provider's reply; server-sent events when stream is true."], "default": refusal,
    ]

    static func replies(to route: RouteTable.Route) -> JSONObject {
        var replies = JSONObject()
        replies["200"] = ["description": "Done.", "content": [media(route.path): [:]]]
        if case .roles = route.access, route.method != .get {
            replies["201"] = ["description": "Made.", "content": ["application/json": [:]]]
            replies["204"] = ["description": "Done; there is nothing to tell."]
        }
        // A probe that fails tells how things are, not what was wrong with the request.
        if route.path.hasPrefix("/health") {
            replies["503"] = ["description": "Not now.", "content": ["application/json": [:]]]
        }
        replies["default"] = refusal
        return replies
    }

    private static func media(_ path: String) -> String {
        switch path {
        case "/": "text/html"
        case "/metrics": "text/plain"
        default: "application/json"
        }
    }
}
