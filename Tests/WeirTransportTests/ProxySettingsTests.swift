import Testing
import WeirTransport

struct ProxySettingsTests {
    private func proxy(_ environment: [String: String], _ host: String, isTLS: Bool = true) -> String? {
        ProxySettings(environment: environment).proxy(for: host, isTLS: isTLS).map {
            "\($0.host):\($0.port)" + ($0.authorization.map { " " + $0 } ?? "")
        }
    }

    @Test(arguments: [
        (["https_proxy": "http://p:3128"], "p:3128"), (["HTTPS_PROXY": "http://p:3128/"], "p:3128"),
        (["HTTPS_PROXY": "p:3128"], "p:3128"), (["HTTPS_PROXY": "p"], "p:80"),
        (["https_proxy": "http://low:1", "HTTPS_PROXY": "http://up:2"], "low:1"),
        (["ALL_PROXY": "http://all:9"], "all:9"), (["all_proxy": "http://all:9", "HTTPS_PROXY": "http://p:1"], "p:1"),
        (["https_proxy": "", "HTTPS_PROXY": "http://p:1"], "p:1"),
        (["https_proxy": "http://user:pa%73s@p:1"], "p:1 Basic dXNlcjpwYXNz"),
        (["https_proxy": "http://u:p@ss@p:1"], "p:1 Basic dTpwQHNz"),
        (["https_proxy": "http://[::1]:3128"], "::1:3128"),
    ])
    func `a proxy is read as curl reads it`(environment: [String: String], expected: String) {
        #expect(proxy(environment, "api.openai.com") == expected)
    }

    @Test(arguments: [
        [:], ["http_proxy": "http://p:1"], ["https_proxy": "socks5://p:1"], ["https_proxy": "http://"],
        ["no_proxy": "*", "https_proxy": "http://p:1"],
    ])
    func `without one the way is direct`(environment: [String: String]) {
        #expect(proxy(environment, "api.openai.com") == nil)
    }

    @Test func `plain and secure upstreams have proxies of their own`() {
        let environment = ["http_proxy": "http://a:1", "https_proxy": "http://b:2"]
        #expect(proxy(environment, "host.corp", isTLS: false) == "a:1")
        #expect(proxy(environment, "host.corp", isTLS: true) == "b:2")
    }

    @Test(arguments: [
        ("openai.com", "openai.com", true), ("openai.com", "api.openai.com", true),
        (".openai.com", "api.openai.com", true), ("OpenAI.com", "API.openai.com", true),
        ("openai.com", "notopenai.com", false), ("a.b, openai.com ,c.d", "openai.com", true),
        ("10.0.0.5", "10.0.0.5", true),
        ("10.0.0", "10.0.0.5", false), ("", "openai.com", false), (",,", "openai.com", false),
        ("api.openai.com", "openai.com", false),
    ])
    func `exceptions are names and the names below them`(list: String, host: String, isDirect: Bool) {
        #expect((proxy(["https_proxy": "http://p:1", "no_proxy": list], host) == nil) == isDirect)
    }

    @Test(arguments: ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
    func `this machine is always reached directly`(host: String) {
        #expect(proxy(["https_proxy": "http://p:1"], host) == nil)
    }

    @Test func `an upper-case HTTP_PROXY is left to CGI`() {
        #expect(proxy(["HTTP_PROXY": "http://evil:1"], "host.corp", isTLS: false) == nil)
    }
}
