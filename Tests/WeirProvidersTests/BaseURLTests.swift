import Testing
import WeirCore
import WeirProviders

struct BaseURLTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", true, "api.openai.com", 443, "/v1", ""),
        ("http://127.0.0.1:8000", false, "127.0.0.1", 8000, "", ""),
        ("http://127.0.0.1:8000/", false, "127.0.0.1", 8000, "", ""),
        ("http://host/v1///", false, "host", 80, "/v1", ""),
        ("HTTPS://Host.example/V1", true, "Host.example", 443, "/V1", ""),
        ("http://[::1]:8080/v1", false, "::1", 8080, "/v1", ""),
        ("https://[2001:db8::7]", true, "2001:db8::7", 443, "", ""),
        ("https://host/v1?api-version=1&x=y", true, "host", 443, "/v1", "api-version=1&x=y"),
        ("https://host?x=1", true, "host", 443, "", "x=1"),
        ("https://host/v1/?x=http://other/", true, "host", 443, "/v1", "x=http://other/"),
        ("http://host:65535", false, "host", 65_535, "", ""),
    ])
    func `an absolute URL is taken apart`(
        text: String, isTLS: Bool, host: String, port: Int, path: String, query: String
    ) throws {
        let base = try #require(BaseURL(text, tlsIdentity: 3))
        #expect(base.address == UpstreamAddress(isTLS: isTLS, host: host, port: port, tlsIdentity: 3))
        #expect(base.path == path)
        #expect(base.query == query)
    }

    @Test(arguments: [
        "", "api.openai.com/v1", "/v1", "ftp://host/", "http:/host", "http://", "https:///v1", "http://?x",
        "http://user:secret@host/v1", "http://user@host", "http://host/v1#part", "http://ho st/v1", "http://host/\u{1}",
        "http://host/\r\nx: y", "http://höst/v1", "http://host\\@other/v1", "http://:8080", "http://host:",
        "http://host:0",
        "http://host:65536", "http://host:+80", "http://host:-1", "http://host:80a", "http://::1/v1", "http://[::1",
        "http://[::1]x", "http://[::1]:", "ws://host/v1", "file:///etc/passwd",
    ])
    func `anything else is refused`(text: String) {
        #expect(BaseURL(text) == nil)
    }

    @Test func `an address without a name between its brackets is refused`() {
        #expect(BaseURL("http://[]/v1") == nil)
    }

    @Test(arguments: [
        ("http://host/", "host"), ("http://host:80/", "host"), ("https://host:443/", "host"),
        ("https://host:80/", "host:80"), ("http://host:8080/", "host:8080"), ("http://[::1]/", "[::1]"),
        ("http://[::1]:9/", "[::1]:9"),
    ])
    func `the authority leaves out the scheme's own port`(text: String, authority: String) throws {
        #expect(try #require(BaseURL(text)).address.authority == authority)
    }
}
