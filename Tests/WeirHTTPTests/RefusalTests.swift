import Testing
import WeirCore
import WeirHTTP
import WeirTestKit

/// Faults as clients see them: status and body, word for word, for both releases of LiteLLM that are kept.
struct RefusalTests {
    /// The reply to a chat whose upstream fails so.
    private func reply(_ fault: GatewayFault, _ compat: Compat) throws -> HeardReply {
        try Doorway(compat: compat).chat(.fault(fault))
    }

    @Test(arguments: [
        (
            FaultCode.upstreamTimeout, 408, "litellm.Timeout: APITimeoutError - Request timed out. why",
            #""invalid_request_error""#
        ),
        (
            .upstreamRefused, 500,
            "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error. why",
            #""internal_server_error""#
        ),
        (
            .upstreamReset, 500,
            "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error. why",
            #""internal_server_error""#
        ),
        (
            .upstreamGarbled, 500,
            "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error. why",
            #""internal_server_error""#
        ),
        (.upstreamError, 500, "why", #""internal_server_error""#),
        (.malformedRequest, 400, "why", #""invalid_request_error""#),
        (.headTooLarge, 431, "why", #""invalid_request_error""#),
        (.bodyTooLarge, 413, "why", #""invalid_request_error""#),
        (.invalidJSON, 400, "why", #""invalid_request_error""#),
        (.invalidParameter, 400, "why", #""invalid_request_error""#),
        (.credentialsInBody, 400, "why", #""invalid_request_error""#), (.keyMissing, 401, "why", #""auth_error""#),
        (.keyMalformed, 401, "why", #""auth_error""#), (.keyUnknown, 401, "why", #""token_not_found_in_db""#),
        (.routeForbidden, 401, "why", #""auth_error""#),
        (.requestTimeout, 408, "why", #""invalid_request_error""#),
        (.notSupported, 501, "why", #""invalid_request_error""#),
        (.shuttingDown, 503, "why", #""internal_server_error""#),
        (.internalError, 500, "why", #""internal_server_error""#),
    ])
    func `a fault has its status and its type`(code: FaultCode, status: Int, message: String, type: String) throws {
        for compat in Compat.allCases {
            let none = compat == .v1_83 ? #""None""# : "null"
            let reply = try reply(GatewayFault(code, "why"), compat)
            #expect(reply.status == status)
            #expect(
                reply.body
                    == #"{"error":{"message":"\#(message)","type":\#(type),"param":\#(none),"code":"\#(status)"}}"#)
            #expect(reply["content-type"] == "application/json")
        }
    }

    @Test(arguments: [
        (
            Compat.v1_83,
            #"{"error":{"message":"{'error': 'User blocked from making LLM API Calls. User=ada'}","type":"None","param":"None","code":"400"}}"#
        ),
        (
            .v1_109,
            #"{"error":{"message":"User blocked from making LLM API Calls. User=ada","type":"invalid_request_error","param":null,"code":"400"}}"#
        ),
    ])
    func `a blocked customer is refused in the words of the release`(compat: Compat, body: String) throws {
        let fault = GatewayFault(.customerBlocked, "User blocked from making LLM API Calls. User=ada")
        let reply = try reply(fault, compat)
        #expect(reply.status == 400)
        #expect(reply.body == body)
    }

    @Test(arguments: Compat.allCases)
    func `a model that is closed to a customer is refused by either release`(compat: Compat) throws {
        let reply = try reply(GatewayFault(.customerModelForbidden, "why", param: "model"), compat)
        #expect(reply.status == 403)
        #expect(
            reply.body
                == #"{"error":{"message":"why","type":"customer_model_access_denied","param":"model","code":"403"}}"#)
    }

    @Test func `a fault names the parameter`() throws {
        let reply = try reply(GatewayFault(.invalidParameter, "why \"so\"", param: "stop"), .v1_109)
        #expect(
            reply.body
                == #"{"error":{"message":"why \"so\"","type":"invalid_request_error","param":"stop","code":"400"}}"#)
    }

    @Test(arguments: [
        (
            Compat.v1_83,
            #"{"error":{"message":"{'error': '/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models for your key.'}","type":"None","param":"model","code":"400"}}"#
        ),
        (
            .v1_109,
            #"{"error":{"message":"/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models for your key.","type":"invalid_request_error","param":"model","code":"400"}}"#
        ),
    ])
    func `an unknown model is refused in the words of the release`(compat: Compat, body: String) throws {
        for path in ["/v1/chat/completions", "/chat/completions"] {
            let reply = try Doorway(compat: compat).reply(to: Say.post(#"{"model":"x"}"#, path))
            #expect(reply.status == 400)
            #expect(reply.body == body)
        }
    }

    @Test(arguments: [
        (#"it's"#, #"{'error': \"/chat/completions: Invalid model name passed in model=it's. "#),
        (#"a\"b"#, #"{'error': '/chat/completions: Invalid model name passed in model=a\"b. "#),
        (#"'\""#, #"{'error': '/chat/completions: Invalid model name passed in model=\\'\". "#),
        (#"a\\b"#, #"{'error': '/chat/completions: Invalid model name passed in model=a\\\\b. "#),
        (#"a\nb"#, #"{'error': '/chat/completions: Invalid model name passed in model=a\\nb. "#),
    ])
    func `the older release prints a name as Python would`(model: String, start: String) throws {
        let reply = try Doorway(compat: .v1_83).reply(to: Say.post(#"{"model":"\#(model)"}"#))
        #expect(reply.body.hasPrefix(#"{"error":{"message":""# + start))
    }

    @Test func `no deployment is a matter of load`() throws {
        let fault = GatewayFault(.noDeployment, "No deployments available for selected model. Passed model=gpt.")
        let older = try reply(fault, .v1_83)
        #expect(older.status == 429)
        #expect(older.body.contains(#""type":"None""#))
        #expect(try reply(fault, .v1_109).body.contains(#""type":"throttling_error""#))
    }

    @Test(arguments: [
        (
            nil, Compat.v1_83,
            #"{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}"#
        ),
        (
            nil, .v1_109,
            #"{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":null,"code":"401"}}"#
        ),
        (
            "sk-wrong", .v1_109,
            #"{"error":{"message":"Authentication Error, Invalid API key provided.","type":"token_not_found_in_db","param":"key","code":"401"}}"#
        ),
        (
            "nokey", .v1_109,
            #"{"error":{"message":"LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.","type":"auth_error","param":null,"code":"401"}}"#
        ),
    ])
    func `a stranger is refused with a challenge`(key: String?, compat: Compat, body: String) throws {
        let doorway = try Doorway(compat: compat)
        let text = Say.ask("GET /v1/models", key: key)
        let reply = try doorway.reply(to: text)
        #expect(reply.status == 401)
        #expect(reply.body == body)
        #expect(reply["www-authenticate"] == "Bearer")
    }

    // MARK: The upstream's own errors

    @Test func `an upstream's error in OpenAI's form is passed with its status and fields`() throws {
        let body = #"{"error":{"message":"slow down","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#
        let doorway = try Doorway()
        let reply = try doorway.chat(
            .reply(
                .json(body, status: 429, fields: "Retry-After: 7\r\nX-RateLimit-Limit-Requests: 9\r\nserver: cf\r\n")))
        #expect(reply.status == 429)
        #expect(reply.body == body)
        #expect(reply["retry-after"] == "7")
        #expect(reply["x-ratelimit-limit-requests"] == "9")
        #expect(reply["llm_provider-server"] == "cf")
        #expect(reply.count(of: "content-type") == 1)
        let event = try doorway.onlyEvent()
        #expect(event.status == 429)
        #expect(event.fault == .upstreamError)
    }

    @Test(arguments: [
        (400, "invalid_request_error"), (404, "invalid_request_error"), (429, "throttling_error"),
        (500, "internal_server_error"), (503, "internal_server_error"),
    ])
    func `an upstream's error in another form is told in OpenAI's`(status: Int, type: String) throws {
        let reply = try Doorway().chat(.reply(.json(#"{"detail":"oh \"no\""}"#, status: status)))
        let said = #"The upstream answered with status \#(status): {\"detail\":\"oh \\\"no\\\"\"}"#
        #expect(reply.status == status)
        #expect(reply.body == #"{"error":{"message":"\#(said)","type":"\#(type)","param":null,"code":"\#(status)"}}"#)
        #expect(reply["content-type"] == "application/json")
    }

    @Test(arguments: [(301, 502), (304, 502), (204, 200)])
    func `an answer that is neither success nor error is a bad gateway`(status: Int, told: Int) throws {
        #expect(try Doorway().chat(.reply(.json("{}", status: status))).status == (status == 204 ? 204 : told))
    }

    // MARK: Heads that are no HTTP

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: w\r\n\r\n", 505),
        ("GET /\(String(repeating: "x", count: 9000)) HTTP/1.1\r\nHost: w\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: w\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: w\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("GET / HTTP/1.1\r\nHost: w\r\nExpect: coffee\r\n\r\n", 417),
        ("GET / HTTP/1.1\r\nHost: w\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400),
    ])
    func `a head that breaks the rules is refused and the connection closed`(text: String, status: Int) throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send(text + Say.ask("GET /health/liveliness"))
        let replies = client.replies()
        #expect(replies.map(\.status) == [status])
        #expect(replies.map { $0["connection"] } == ["close"])
        #expect(replies[0].body.hasPrefix(#"{"error":{"message":""#))
        #expect(!client.isOpen)
        #expect(try doorway.onlyEvent().status == status)
    }
}
