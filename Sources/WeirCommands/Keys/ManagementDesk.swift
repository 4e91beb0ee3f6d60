import WeirCore

/// Whom a command asks: a running Weir, or the store itself.
protocol ManagementDesk: Sendable {
    /// What the route answers. Throws `CommandFault` with a sentence when it refuses, or cannot be reached.
    func call(
        _ method: DeskMethod, _ path: String, body: JSONObject, query: [(name: String, value: String)]
    ) async throws -> JSONValue
    func close() async
}

enum DeskMethod: String, Sendable { case get = "GET", post = "POST" }

extension ManagementDesk {
    func get(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> JSONValue {
        try await call(.get, path, body: JSONObject(), query: query)
    }

    func post(_ path: String, _ body: JSONObject) async throws -> JSONValue {
        try await call(.post, path, body: body, query: [])
    }
}
