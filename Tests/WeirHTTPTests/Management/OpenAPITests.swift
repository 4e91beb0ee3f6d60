import NIOCore
import Testing
import WeirAccess
import WeirCore
import WeirHTTP
import WeirWire

/// The description of all routes says what is there, in words that tools can read.
struct OpenAPITests {
    private func document() async throws -> JSONObject {
        try JSONObject(reading: try await FrontDesk().ask("GET", "/openapi.json").body)
    }

    private func operation(_ path: String, _ method: String, in document: JSONObject) -> JSONObject? {
        document.object("paths")?.object(path)?.object(method)
    }

    /// How the description spells a path of the table.
    private func spelled(_ path: String) -> String { path.replacing("**", with: "{name}") }

    @Test func `every route of the table is described once`() async throws {
        let document = try await document()
        let paths = try #require(document.object("paths"))
        for route in FrontDesk.routes where route.path != "/openapi.json" {
            let found = paths.object(spelled(route.path))?.object(route.method.lowercased())
            #expect(found?.string("summary")?.isEmpty == false, "\(route)")
            #expect(found?.string("description")?.isEmpty == false, "\(route)")
        }
        for path in ["/v1/chat/completions", "/v2/rerank", "/engines/{model}/embeddings", "/v1/responses"] {
            #expect(paths.object(path)?.object("post") != nil, "\(path)")
        }
    }

    @Test func `no name stands twice in an object`() async throws {
        let text = try await FrontDesk().ask("GET", "/openapi.json").body
        // Reading takes the last of two members with one name, so what is lost shows in the length.
        let read = try JSONObject(reading: text)
        #expect(JSONWriter.text(of: .object(read)).utf8.count == text.utf8.count)
    }

    @Test func `every operation has an identifier of its own`() async throws {
        let paths = try #require(try await document().object("paths"))
        let identifiers = paths.members.flatMap { path in
            path.value.object?.members.compactMap { $0.value.object?.string("operationId") } ?? []
        }
        #expect(identifiers.count > 40)
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test func `open routes ask for no key and all others do`() async throws {
        let document = try await document()
        #expect(document["security"] == [["key": []]])
        for route in FrontDesk.routes where route.path != "/openapi.json" {
            let found = operation(spelled(route.path), route.method.lowercased(), in: document)
            #expect((found?["security"] == []) == (route.access == .open), "\(route)")
        }
    }

    @Test func `every part of a path that has a name is a parameter`() async throws {
        let paths = try #require(try await document().object("paths"))
        for path in paths.members where path.name.contains("{") {
            let names = path.name.matches(of: /\{([^}]*)\}/).map { JSONValue.string(String($0.output.1)) }
            for method in path.value.object?.members ?? [] {
                let parameters = method.value.object?["parameters"]?.array ?? []
                let described = parameters.compactMap(\.object).filter { $0.string("in") == "path" }
                #expect(described.compactMap { $0["name"] } == names, "\(method.name) \(path.name)")
                #expect(described.allSatisfy { $0.bool("required") == true })
            }
        }
    }

    @Test func `bodies and queries are those of the forms`() async throws {
        let document = try await document()
        for route in FrontDesk.routes where route.path != "/openapi.json" {
            let found = try #require(operation(spelled(route.path), route.method.lowercased(), in: document))
            let body = found.object("requestBody")
            let schema = body?.object("content")?.object("application/json")?.object("schema")
            #expect(schema?.object("properties")?.names ?? [] == route.body.fields.map(\.name), "\(route)")
            let required = route.body.fields.filter(\.isRequired).map(\.name)
            #expect(schema?.strings("required") ?? [] == required, "\(route)")
            #expect((body?.bool("required") ?? false) == !required.isEmpty, "\(route)")
            let queries = (found["parameters"]?.array ?? []).compactMap(\.object).filter { $0.string("in") == "query" }
            #expect(queries.compactMap { $0.string("name") } == route.query.fields.map(\.name), "\(route)")
        }
    }

    @Test func `a field that need not be there takes null and one that must be there does not`() async throws {
        let document = try await document()
        for route in FrontDesk.routes where route.path != "/openapi.json" {
            let schema = operation(spelled(route.path), route.method.lowercased(), in: document)?
                .object("requestBody")?.object("content")?.object("application/json")?.object("schema")
            for field in route.body.fields where field.kind != .any {
                let property = schema?.object("properties")?.object(field.name)
                let types = property?["type"]?.array ?? property?["enum"]?.array ?? []
                #expect(
                    (types.contains("null") || types.contains(.null)) == !field.isRequired, "\(route) \(field.name)")
            }
        }
    }
}
