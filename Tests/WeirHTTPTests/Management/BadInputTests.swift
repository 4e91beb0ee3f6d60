import Testing
import WeirAccess
import WeirCore
import WeirHTTP
import WeirTestKit
import WeirWire

/// What can be wrong with a management request: each is told in a sentence, none changes anything.
struct BadInputTests {
    private static let withBody = FrontDesk.routes.filter { !$0.body.fields.isEmpty }
    private static let withoutFloor = FrontDesk.routes.filter { $0.path.contains("{") }

    @Test(arguments: withBody)
    func `a value of the wrong kind is refused with the name of its field`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        let before = try await desk.changes()
        for field in route.body.fields {
            for value in NastyValues.wrong(field.kind) {
                var body = route.soundBody
                body[field.name] = value
                let heard = try await desk.ask(route, body)
                #expect(heard.status == 422, "\(route) \(field.name) = \(value): \(heard)")
                #expect(heard.body.hasPrefix(#"{"error":{"message":"The request cannot be taken: \#(field.name): "#))
                #expect(heard.body.contains(#""detail":[{"type":""#))
                #expect(heard.body.contains(#""loc":["body","\#(field.name)"]"#))
            }
        }
        #expect(try await desk.changes() == before)
    }

    @Test(arguments: withBody)
    func `a field that is missing is named`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        for field in route.body.fields where field.isRequired {
            for value in [nil, JSONValue.null] {
                var body = route.soundBody
                body[field.name] = value
                let heard = try await desk.ask(route, body)
                #expect(heard.status == 422, "\(route) without \(field.name): \(heard)")
                #expect(
                    heard.body.contains(#"{"type":"missing","loc":["body","\#(field.name)"],"msg":"Field required"}"#))
            }
        }
    }

    @Test(arguments: withBody, [Role.proxyAdmin, .internalUser, .orgAdmin])
    func `nothing that a form takes is too ugly for an office`(route: ListedRoute, role: Role) async throws {
        guard route.access.admits(role) else { return }
        let desk = FrontDesk()
        for field in route.body.fields {
            for value in NastyValues.ugly(field.kind) {
                var body = route.soundBody
                body[field.name] = value
                let heard = try await desk.ask(route, body, as: .somebody(role))
                #expect(heard.isSound, "\(route) \(field.name) = \(value): \(heard)")
            }
        }
    }

    @Test(arguments: withBody)
    func `an empty body and one full of everything are borne`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        #expect(try await desk.ask(route, JSONObject()).isSound)
        let everything = JSONObject(route.body.fields.map { .init($0.name, NastyValues.sound($0.kind)) })
        for _ in 0..<2 {
            let heard = try await desk.ask(route, everything)
            #expect(heard.isSound, "\(route): \(heard)")
        }
    }

    @Test(arguments: withBody)
    func `what is no object is refused`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        for body in ["[]", "null", "5", "\"a\"", "{", "{\"a\":}", "{\"a\":1,}", "\u{FEFF}{}", "{}{}", "{'a':1}", "x"] {
            let heard = try await desk.ask(route.method, route.target, body)
            #expect(heard.status == 400, "\(route) \(body): \(heard)")
            #expect(heard.body.contains("Invalid JSON payload"))
        }
    }

    @Test(arguments: withBody)
    func `a body too large or too deep is refused`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        let large = #"{"padding":"\#(String(repeating: "x", count: 3 << 20))"}"#
        #expect(try await desk.ask(route.method, route.target, large).status == 413)
        let deep = #"{"metadata":"# + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000) + "}"
        #expect(try await desk.ask(route.method, route.target, deep).status == 400)
    }

    @Test(arguments: withBody)
    func `an unknown field is told in a warning`(route: ListedRoute) async throws {
        guard !route.body.isOpen else { return }
        let desk = FrontDesk()
        var body = route.soundBody
        body["no_such_field"] = 5
        let heard = try await desk.ask(route, body)
        guard heard.status == 200 else { return }
        #expect(heard.fields.contains("warning: 299 weir \"unknown fields are left out of account: no_such_field\""))
    }

    @Test func `a name cannot break out of the warning`() async throws {
        let heard = try await FrontDesk().ask("POST", "/key/generate", "{\"a b; é\u{7F}, Set-Cookie: c\": 1}")
        let lines = heard.fields.split(separator: "\r\n").filter { $0.hasPrefix("warning: ") }
        #expect(heard.status == 200, "\(heard)")
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }, "\(lines)")
    }

    // MARK: Queries and paths

    @Test(arguments: FrontDesk.routes.filter { !$0.query.fields.isEmpty })
    func `no question is too ugly`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        let values = [
            "", "a", "-1", "0", "1", "999999999999", "1e400", "%00", "%27%3B%20DROP%20TABLE%20keys%3B--",
            "%F0%9F%8C%8A",
            "%ff%fe", "true", "null", String(repeating: "x", count: 5000), "a&a=b", "2027-01-31", "%",
        ]
        for field in route.query.fields {
            for value in values {
                let heard = try await desk.ask(route.method, "\(route.target)?\(field.name)=\(value)", "{}")
                #expect(heard.isSound, "\(route) ?\(field.name)=\(value): \(heard)")
            }
        }
    }

    @Test(arguments: ["a+b", "a%20b"])
    func `a space in a question may be written in two ways`(written: String) async throws {
        let desk = FrontDesk()
        #expect(try await desk.ask("POST", "/key/generate", #"{"key_alias":"a b"}"#).status == 200)
        #expect(try await desk.ask("POST", "/key/generate", #"{"key_alias":"a+b"}"#).status == 200)
        let heard = try await desk.ask("GET", "/key/list?return_full_object=true&key_alias=\(written)")
        #expect(heard.body.contains(#""key_alias":"a b""#) && heard.body.contains(#""total_count":1,"#), "\(heard)")
        let plus = try await desk.ask("GET", "/key/list?return_full_object=true&key_alias=a%2Bb")
        #expect(plus.body.contains(#""key_alias":"a+b""#) && plus.body.contains(#""total_count":1,"#), "\(plus)")
    }

    @Test(arguments: withoutFloor)
    func `no path is too ugly`(route: ListedRoute) async throws {
        let desk = FrontDesk()
        let body = JSONWriter.text(of: .object(route.soundBody))
        let parts = [
            "%00", "a%00b", "%2e%2e", "a%2Fb", "%F0%9F%8C%8A", "%ff", "%", "%27%3B--",
            String(repeating: "x", count: 3000),
        ]
        for part in parts {
            let target = route.path.replacing(/\{[^}]*\}/, with: part)
            let heard = try await desk.ask(route.method, target, body)
            #expect(heard.isSound, "\(route.method) \(target): \(heard)")
        }
    }

    // MARK: Words of SQL

    @Test(arguments: [
        ("/key/generate", "key_alias"), ("/user/new", "user_alias"), ("/team/new", "team_alias"),
        ("/organization/new", "organization_alias"), ("/customer/new", "alias"), ("/tag/new", "description"),
        ("/budget/new", "budget_id"), ("/user/new", "user_id"), ("/team/new", "team_id"), ("/customer/new", "user_id"),
    ])
    func `words of SQL are kept as they are`(path: String, field: String) async throws {
        let desk = FrontDesk()
        let route = try #require(desk.routes.first { $0.path == path && $0.method == "POST" })
        let text = #"Robert'); DROP TABLE keys;-- \' " ? $1 :a %s"#
        var body = route.soundBody
        body[field] = .string(text)
        let heard = try await desk.ask(route, body)
        try #require(heard.status == 200, "\(heard)")
        let kept = try await desk.store.read { session in
            try EntityKind.allCases.flatMap { try session.page($0, EntityQuery()).entities }.contains { entity in
                entity.id == text || entity.document.string(field) == text
            }
        }
        #expect(kept)
    }
}
