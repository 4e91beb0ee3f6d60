import Testing
import WeirHTTP
import WeirTestKit

/// A method that a path does not have is refused, with those that it has (RFC 9110, 15.5.6).
struct AllowedMethodTests {
    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
    func `a path says which methods it has`(method: String) async throws {
        let desk = FrontDesk()
        let methods = Dictionary(grouping: desk.routes, by: \.path).mapValues { Set($0.map(\.method)) }
        for (path, allowed) in methods where !allowed.contains(method) {
            let target = path.replacing("**", with: "some/thing").replacing(/\{[^}]*\}/, with: "some-thing")
            let heard = try await desk.ask(method, target)
            #expect(heard.status == 405, "\(method) \(target): \(heard)")
            let told = heard.fields.split(separator: "\r\n").first { $0.hasPrefix("allow: ") }?.dropFirst(7) ?? ""
            let names = Set(told.split(separator: ", ").map(String.init))
            #expect(names.isSuperset(of: allowed), "\(method) \(target): \(told)")
            #expect(names.contains("HEAD") == names.contains("GET"), "\(method) \(target): \(told)")
            #expect(!names.contains(method))
        }
    }

    @Test(arguments: [
        "/v1/chat/completions", "/rerank", "/v2/rerank", "/engines/a/b/chat/completions",
        "/openai/deployments/gpt/embeddings",
    ])
    func `a model is called by POST alone`(path: String) async throws {
        for method in ["GET", "HEAD", "PUT", "DELETE", "TRACE"] {
            let heard = try await FrontDesk().ask(method, path)
            #expect(heard.status == 405)
            #expect(heard.fields.contains("\r\nallow: POST\r\n"))
        }
    }

    @Test(arguments: ["/nothing", "/v1", "/v1/nothing/", "/health/liveliness/x"])
    func `what is not there has no methods`(path: String) async throws {
        for method in ["GET", "TRACE"] {
            let heard = try await FrontDesk().ask(method, path)
            #expect(heard.status == 404, "\(method) \(path): \(heard)")
            #expect(!heard.fields.contains("allow:"))
        }
    }

    @Test(arguments: ["/v1/models/", "//v1//models", "/v1/models"])
    func `slashes too many make no other path`(path: String) async throws {
        #expect(try await FrontDesk().ask("GET", path).status == 200)
        let heard = try await FrontDesk().ask("POST", path)
        #expect(heard.status == 405)
        #expect(heard.fields.contains("allow: GET, HEAD\r\n"))
    }

    @Test func `the door passes the field on`() throws {
        let reply = try Doorway().reply(to: Say.ask("DELETE /v1/models"))
        #expect(reply.status == 405)
        #expect(reply["allow"] == "GET, HEAD")
    }
}
