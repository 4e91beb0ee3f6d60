import Testing
import WeirCore
import WeirHTTP
import WeirTestKit

/// Where a key may stand, and which one counts.
struct CredentialTests {
    private func status(_ fields: String, _ change: (inout DoorSettings) -> Void = { _ in }) throws -> Int {
        let doorway = try Doorway(change)
        return try doorway.reply(to: "GET /v1/models HTTP/1.1\r\nHost: w\r\n\(fields)\r\n\r\n").status
    }

    @Test(arguments: [
        "Authorization: Bearer sk-master", "authorization: bearer sk-master", "AUTHORIZATION: BEARER   sk-master",
        "Authorization: sk-master", "api-key: sk-master", "x-api-key: sk-master", "x-litellm-api-key: sk-master",
        "x-litellm-api-key: Bearer sk-master", "Authorization: Bearer sk-team", "Authorization:Bearer sk-master  ",
    ])
    func `a key is found in each of its fields`(field: String) throws {
        #expect(try status(field) == 200)
    }

    @Test(arguments: [
        "X-Other: sk-master", "Authorization: Basic sk-master", "Authorization: Bearer", "Authorization: ",
        "Authorization: Bearer sk-master sk-master", "Authorization: Bearersk-master", "api-key: Bearer sk-master",
        "Cookie: key=sk-master", "Proxy-Authorization: Bearer sk-master",
    ])
    func `a key is not found elsewhere`(field: String) throws {
        #expect(try status(field) == 401)
    }

    @Test func `no key in the query counts`() throws {
        let doorway = try Doorway()
        #expect(
            try doorway.reply(to: Say.ask("GET /v1/models?key=sk-master&api_key=sk-master", key: nil)).status == 401)
    }

    @Test(arguments: [
        (
            "x-litellm-api-key: sk-master\r\nAuthorization: Bearer sk-wrong\r\napi-key: sk-wrong\r\nx-api-key: sk-wrong",
            200
        ),
        ("x-litellm-api-key: sk-wrong\r\nAuthorization: Bearer sk-master", 401),
        ("Authorization: Bearer sk-master\r\napi-key: sk-wrong\r\nx-api-key: sk-wrong", 200),
        ("Authorization: Bearer sk-wrong\r\napi-key: sk-master", 401),
        ("api-key: sk-master\r\nx-api-key: sk-wrong", 200), ("api-key: sk-wrong\r\nx-api-key: sk-master", 401),
    ])
    func `the first of these fields counts`(fields: String, expected: Int) throws {
        #expect(try status(fields) == expected)
    }

    @Test(arguments: [
        ("X-Own-Key: sk-master\r\nAuthorization: Bearer sk-wrong", 200),
        ("X-Own-Key: Bearer sk-master", 200), ("X-Own-Key: sk-wrong\r\nAuthorization: Bearer sk-master", 401),
        ("Authorization: Bearer sk-master", 200),
    ])
    func `a field of the configuration's own comes before all`(fields: String, expected: Int) throws {
        #expect(try status(fields) { $0.keyField = "x-own-key" } == expected)
    }

    @Test func `the key that lets a client in does not go on to the upstream`() throws {
        for fields in ["Authorization: Bearer sk-team", "api-key: sk-team", "x-api-key: sk-team"] {
            let doorway = try Doorway { $0.forwardsClientFields = true }
            doorway.upstream.answer(.json(Say.reply))
            let text =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: w\r\n\(fields)\r\nContent-Length: \(Say.chat.utf8.count)\r\n\r\n"
            #expect(try doorway.reply(to: text + Say.chat).status == 200)
            #expect(!doorway.upstream.texts[0].contains("sk-team"))
        }
    }

    @Test func `a key in a field of the configuration's own does not go on either`() throws {
        let doorway = try Doorway {
            $0.keyField = "x-own-key"
            $0.forwardsClientFields = true
        }
        _ = try doorway.chat(.reply(.json(Say.reply)), fields: "X-Own-Key: sk-team\r\n")
        #expect(!doorway.upstream.texts[0].contains("sk-team"))
    }
}
