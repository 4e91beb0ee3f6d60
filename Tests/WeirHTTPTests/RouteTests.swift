import Testing
import WeirCore
import WeirHTTP
import WeirRouting
import WeirTestKit

/// Every route that is no model call, and who may use it.
struct RouteTests {
    /// The routes that the house describes: path, method, and whether it is open.
    private func described(_ doorway: Doorway) throws -> [(path: String, isOpen: Bool)] {
        let text = try doorway.reply(to: Say.ask("GET /openapi.json", key: nil)).body
        let start = try #require(text.firstRange(of: "\"paths\":{")).upperBound
        var routes: [(String, Bool)] = []
        for part in text[start...].split(separator: "\"/").dropFirst(0) {
            guard let quote = part.firstIndex(of: "\""), part[quote...].contains("\"get\":") else { continue }
            routes.append(("/" + part[..<quote], part.contains("\"security\":[]")))
        }
        return routes
    }

    @Test func `no route but the open ones is given without a key`() throws {
        let doorway = try Doorway()
        let routes = try described(doorway)
        #expect(routes.count >= 10)
        for route in routes {
            let path = route.path.replacing("{name}", with: "gpt")
            let status = try doorway.reply(to: Say.ask("GET \(path)", key: nil)).status
            #expect((status != 401) == route.isOpen, "\(path) answered \(status)")
        }
    }

    @Test func `the open routes are these`() throws {
        let open = try described(Doorway()).filter(\.isOpen).map(\.path)
        #expect(
            Set(open) == [
                "/", "/health", "/health/liveliness", "/health/liveness", "/health/readiness", "/metrics",
            ])
    }

    @Test(arguments: WeirCore.Operation.allCases, ["/v1", "", "/v1/engines/gpt", "/openai/deployments/gpt"])
    func `no model is called without a key`(operation: WeirCore.Operation, prefix: String) throws {
        let doorway = try Doorway()
        let text = Say.post(Say.chat, prefix + operation.path).replacing(
            "Authorization: Bearer sk-master\r\n", with: "")
        #expect(try doorway.reply(to: text).status == 401)
        #expect(doorway.upstream.requests.isEmpty)
    }

    @Test func `metrics are closed when the house says so`() throws {
        let doorway = try Doorway(house: QuietHouse(guardsMetrics: true))
        #expect(try doorway.reply(to: Say.ask("GET /metrics", key: nil)).status == 401)
        #expect(try doorway.reply(to: Say.ask("GET /metrics")).body == "weir_up 1\n")
    }

    @Test func `an open house asks nobody`() throws {
        let doorway = try Doorway(isOpen: true)
        #expect(try doorway.reply(to: Say.ask("GET /v1/models", key: nil)).status == 200)
        #expect(try doorway.reply(to: Say.ask("GET /v1/models", key: "whatever")).status == 200)
    }

    // MARK: What is not there

    @Test(arguments: ["/nothing", "/v1/nothing", "/v1/chat/completions/x", "/v2/chat/completions"])
    func `what is not in the table is not found`(path: String) throws {
        let doorway = try Doorway()
        for method in ["GET", "POST", "DELETE"] {
            let reply = try doorway.reply(to: Say.ask("\(method) \(path)"))
            #expect(reply.status == 404, "\(method) \(path)")
            #expect(reply.body == #"{"detail":"Not Found"}"#)
            #expect(reply["content-type"] == "application/json")
        }
    }

    @Test(arguments: [
        "GET /v1/chat/completions", "PUT /v1/embeddings", "DELETE /engines/gpt/completions", "POST /v1/models",
        "DELETE /health", "POST /metrics",
    ])
    func `another method on a known path is not allowed`(line: String) throws {
        let reply = try Doorway().reply(to: Say.ask(line))
        #expect(reply.status == 405)
        #expect(reply.body == #"{"detail":"Method Not Allowed"}"#)
    }

    @Test(arguments: ["GET /health/liveliness", "GET /nothing/at/all", "GET /v1/models/gpt"])
    func `a route in the log is one of a closed set`(line: String) throws {
        let doorway = try Doorway()
        _ = try doorway.reply(to: Say.ask(line))
        let route = try doorway.onlyEvent().route
        #expect(route == "/health/liveliness" || route == "other")
    }

    @Test func `HEAD is answered as GET without its body`() throws {
        let doorway = try Doorway()
        let replies = try doorway.replies(
            to: Say.ask("HEAD /health/liveliness") + Say.ask("GET /health/liveliness"), heads: [0])
        #expect(replies.map(\.status) == [200, 200])
        #expect(replies[0]["content-length"] == replies[1]["content-length"])
        #expect(replies[0].body.isEmpty)
        #expect(!replies[1].body.isEmpty)
    }

    @Test func `HEAD of what is not there has no body either`() throws {
        let doorway = try Doorway()
        let replies = try doorway.replies(to: Say.ask("HEAD /nothing") + Say.ask("GET /health/liveliness"), heads: [0])
        #expect(replies.map(\.status) == [404, 200])
    }

    @Test(arguments: ["HEAD /v1/models", "HEAD /v1/chat/completions"])
    func `HEAD that is refused has no body either`(line: String) throws {
        let doorway = try Doorway()
        let replies = try doorway.replies(
            to: Say.ask(line, key: nil) + Say.ask("GET /health/liveliness"), heads: [0])
        #expect(replies.count == 2)
        #expect(replies.last?.status == 200)
    }

    @Test func `OPTIONS is not allowed where nothing is shared with other sites`() throws {
        let reply = try Doorway().reply(to: Say.ask("OPTIONS /v1/chat/completions", key: nil))
        #expect(reply.status == 405)
        #expect(reply["access-control-allow-origin"] == nil)
    }

    @Test func `OPTIONS for the server as a whole is answered`() throws {
        let doorway = try Doorway()
        let replies = try doorway.replies(to: Say.ask("OPTIONS *") + Say.ask("GET /health/liveliness"))
        #expect(replies.count == 2)
        #expect(replies.last?.status == 200)
    }

    // MARK: Side doors

    @Test func `the door for probes has nothing but probes`() throws {
        let doorway = try Doorway(routes: .probes)
        #expect(try doorway.reply(to: Say.ask("GET /health/readiness", key: nil)).status == 200)
        for line in ["GET /metrics", "GET /v1/models", "GET /", "GET /openapi.json"] {
            #expect(try doorway.reply(to: Say.ask(line)).status == 404, "\(line)")
        }
    }

    @Test func `the door for Prometheus has nothing but metrics`() throws {
        let doorway = try Doorway(
            house: QuietHouse(guardsMetrics: true), routes: .metrics)
        #expect(try doorway.reply(to: Say.ask("GET /metrics", key: nil)).body == "weir_up 1\n")
        #expect(try doorway.reply(to: Say.ask("GET /health", key: nil)).status == 404)
    }

    @Test func `no model is called through a side door`() throws {
        let doorway = try Doorway(routes: .probes)
        let status = try doorway.reply(to: Say.post(Say.chat)).status
        #expect(status == 404 || status == 405)
        #expect(doorway.upstream.requests.isEmpty)
    }

    // MARK: Answers

    @Test func `models are listed in OpenAI's form`() throws {
        let older = try Doorway(compat: .v1_83, house: QuietHouse(compat: .v1_83)).reply(to: Say.ask("GET /v1/models"))
        #expect(
            older.body
                == #"{"data":[{"id":"gpt","object":"model","created":1677610602,"owned_by":"openai"},"#
                + #"{"id":"meta/llama 3","object":"model","created":1677610602,"owned_by":"openai"}],"object":"list"}"#)
        let newer = try Doorway().reply(to: Say.ask("GET /models"))
        #expect(newer.body.contains(#""mode":"chat","max_input_tokens":128000,"max_output_tokens":16384"#))
    }

    @Test func `one model is found by its name, slashes and spaces included`() throws {
        let doorway = try Doorway()
        for path in ["/v1/models/meta/llama%203", "/models/meta%2Fllama%203"] {
            let reply = try doorway.reply(to: Say.ask("GET \(path)"))
            #expect(reply.status == 200, "\(path)")
            #expect(reply.body.hasPrefix(#"{"id":"meta/llama 3""#))
        }
        let missing = try doorway.reply(to: Say.ask("GET /v1/models/nobody"))
        #expect(missing.status == 404)
        #expect(missing.body.contains(#""param":"model","code":"404""#))
    }

    @Test(arguments: [(Readiness.ready, 200), (.draining, 503), (.withoutModels, 503)])
    func `readiness follows the house`(state: Readiness, status: Int) throws {
        let doorway = try Doorway(house: QuietHouse(state: state))
        #expect(try doorway.reply(to: Say.ask("GET /health/readiness", key: nil)).status == status)
    }

    @Test func `health without a key shows no backend`() throws {
        let doorway = try Doorway(house: QuietHouse(backendError: "refused"))
        let brief = try doorway.reply(to: Say.ask("GET /health", key: nil))
        #expect(brief.status == 200)
        #expect(!brief.body.contains("gpt"))
        let full = try doorway.reply(to: Say.ask("GET /health?model=gpt"))
        #expect(full.body.contains(#""error":"refused""#))
        #expect(full.body.contains(#""healthy_count":0,"unhealthy_count":1"#))
        #expect(try doorway.reply(to: Say.ask("GET /health", key: "sk-wrong")).status == 401)
    }

    @Test func `without details health names the models and nothing else of them`() throws {
        let doorway = try Doorway(house: QuietHouse(backendError: "refused", showsDetails: false))
        let full = try doorway.reply(to: Say.ask("GET /health"))
        #expect(full.body.contains(#""unhealthy_endpoints":[{"model":"openai/gpt-4o"}]"#))
        #expect(full.body.contains(#""healthy_count":0,"unhealthy_count":1"#))
    }

    @Test func `health may demand that backends are up`() throws {
        let sick = QuietHouse(requiresHealthyBackends: true, backendError: "refused")
        #expect(try Doorway(house: sick).reply(to: Say.ask("GET /health", key: nil)).status == 503)
        let well = QuietHouse(requiresHealthyBackends: true)
        #expect(try Doorway(house: well).reply(to: Say.ask("GET /health", key: nil)).status == 200)
    }

    @Test func `the landing page repeats a host only as far as it is harmless`() throws {
        let doorway = try Doorway()
        let page = try doorway.reply(to: "GET / HTTP/1.1\r\nHost: gate.corp:4000\r\n\r\n")
        #expect(page.body.contains("http://gate.corp:4000/v1/chat/completions"))
        #expect(page["content-security-policy"] != nil)
    }

    @Test func `a rule of the configuration sends a header's requests to another model`() throws {
        let rules = [
            RoutingSettings.HeaderRule(header: "x-tier", value: "none", model: "nobody"),
            RoutingSettings.HeaderRule(header: "x-tier", value: nil, model: "gpt"),
        ]
        let doorway = try Doorway(routing: RoutingSettings(headerRules: rules))
        doorway.upstream.answer(.json(Say.reply))
        let served = try doorway.reply(to: Say.post(#"{"model":"unheard-of"}"#, fields: "X-Tier: gold\r\n"))
        #expect(served.status == 200)
        #expect(try doorway.reply(to: Say.post(Say.chat, fields: "X-Tier: none\r\n")).status == 400)
    }
}
