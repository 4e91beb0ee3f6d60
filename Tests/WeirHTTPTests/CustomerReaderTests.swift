import NIOCore
import Testing
import WeirAccess
import WeirCore
import WeirHTTP
import WeirTestKit

/// For whom a request is sent: where he may be named, and which name counts. Names that are expected are known not to be in
/// the store, so that nothing is waited for; any other would be.
struct CustomerReaderTests {
    private static func customers(_ names: String...) async -> Customers {
        let customers = Customers(store: MemoryStore(), time: TestClock().source)
        for name in names { _ = await customers.load(name) }
        return customers
    }

    private func endUser(
        _ text: String, _ customers: Customers, _ change: (inout DoorSettings) -> Void = { _ in }
    ) throws -> String {
        let doorway = try Doorway(customers: customers, change)
        doorway.upstream.answer(.json(#"{"choices":[]}"#))
        #expect(try doorway.reply(to: text).status == 200)
        return try #require(doorway.events.only).endUser
    }

    private func endUser(
        _ customers: Customers, body: String, fields: String = "", _ change: (inout DoorSettings) -> Void = { _ in }
    ) throws -> String {
        let members = body.isEmpty ? "" : ",\(body)"
        return try endUser(Say.post(#"{"model":"gpt"\#(members)}"#, fields: fields), customers, change)
    }

    @Test(arguments: [
        (#""user":"ada""#, "ada"), (#""user":"  ada ""#, "ada"), (#""user":"a\u0064a""#, "ada"), (#""user":42"#, "42"),
        (#""user":-1.5"#, "-1.5"), (#""litellm_metadata":{"user":"ada"}"#, "ada"),
        (#""metadata":{"user_id":"ada"}"#, "ada"), (#""metadata":{"user_id":7}"#, "7"),
        (#""metadata":"{\"user_id\":\"ada\"}""#, "ada"), (#""litellm_metadata":"{\"user\":\"ada\"}""#, "ada"),
        (#""safety_identifier":"ada""#, "ada"), (#""user":"日本""#, "日本"),
        (#""user":"{\"device\":1}""#, #"{"device":1}"#),
    ])
    func `a customer is found in each of the body's places`(body: String, expected: String) async throws {
        let customers = await Self.customers(expected)
        #expect(try endUser(customers, body: body) == expected)
    }

    @Test(arguments: [
        "", #""user":"""#, #""user":"  ""#, #""user":null"#, #""user":true"#, #""user":["ada"]"#,
        #""user":{"id":"ada"}"#,
        #""metadata":null"#, #""metadata":"ada""#, #""metadata":["ada"]"#, #""metadata":{"user":"ada"}"#,
        #""metadata":"{""#, #""metadata":{"user_id":{"id":1}}"#, #""metadata":"[1]""#, #""name":"ada""#,
        #""litellm_metadata":{"user_id":"ada"}"#,
    ])
    func `what names nobody names nobody`(body: String) async throws {
        let customers = await Self.customers()
        #expect(try endUser(customers, body: body) == "")
    }

    private static let everywhere = [
        #""user":"3""#, #""litellm_metadata":{"user":"4"}"#, #""metadata":{"user_id":"5"}"#,
        #""safety_identifier":"6""#,
    ]

    @Test(arguments: [
        ("x-litellm-end-user-id: 2\r\nX-LiteLLM-Customer-Id: 1\r\nx-own: o", 0, "1"),
        ("x-own: o\r\nx-litellm-end-user-id: 2", 0, "2"),
        ("x-litellm-customer-id:  \r\nx-litellm-end-user-id: 2", 0, "2"),
        ("X-Own: o", 0, "o"), ("x-own: ", 0, "3"), ("", 0, "3"), ("", 1, "4"), ("", 2, "5"), ("", 3, "6"),
    ])
    func `the first of these places counts`(fields: String, from: Int, expected: String) async throws {
        let customers = await Self.customers(expected)
        let body = Self.everywhere[from...].reversed().joined(separator: ",")
        let fields = fields.isEmpty ? "" : fields + "\r\n"
        #expect(try endUser(customers, body: body, fields: fields) { $0.customerFields = ["x-own"] } == expected)
    }

    @Test func `headers of the configuration are looked at in their order`() async throws {
        let customers = await Self.customers("a")
        let found = try endUser(customers, body: "", fields: "x-b: b\r\nx-a: a\r\n") {
            $0.customerFields = ["x-none", "x-a", "x-b"]
        }
        #expect(found == "a")
        #expect(try endUser(customers, body: "", fields: "x-a: a\r\n") == "")
    }

    @Test func `a form has him too`() async throws {
        let customers = await Self.customers("ada")
        func part(_ name: String, _ value: String) -> String {
            "--cut\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        for (parts, expected) in [
            ([("user", "ada")], "ada"), ([("metadata", #"{"user_id":"ada"}"#)], "ada"), ([("user", " ")], ""),
            ([("user", "ada"), ("user", "bob")], ""),
        ] {
            let body = ([("model", "gpt")] + parts).map { part($0.0, $0.1) }.joined() + "--cut--\r\n"
            let text =
                "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: w\r\nAuthorization: Bearer sk-master\r\n"
                + "Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            #expect(try endUser(text, customers) == expected)
        }
    }

    @Test func `a name beyond all measure is cut`() async throws {
        let name = String(repeating: "x", count: 100_000)
        let customers = await Self.customers(String(name.prefix(1024)))
        #expect(try endUser(customers, body: #""user":"\#(name)""#).count == 1024)
    }

    @Test func `where nobody is a customer nobody is asked`() async throws {
        let customers = await Self.customers()
        customers.note(exist: false, after: 1)
        let doorway = try Doorway(customers: customers)
        doorway.upstream.answer(.json(#"{"choices":[]}"#))
        #expect(try doorway.reply(to: Say.post(#"{"model":"gpt","user":"ada"}"#)).status == 200)
        #expect(doorway.events.only?.endUser == "")
    }

    @Test(arguments: Compat.allCases, [#"{"user":"ada"}"#, #"{"model":null,"user":"ada"}"#])
    func `without a model of his own a request needs one`(compat: Compat, body: String) async throws {
        let customers = await Self.customers("ada")
        let with = try Doorway(compat: compat, customers: customers).reply(to: Say.post(body))
        let without = try Doorway(compat: compat).reply(to: Say.post(body))
        #expect(with.status == 400 && with.body.contains("model=None"))
        #expect(with.body == without.body)
    }
}
