import WeirCore

/// The HTTP proxies that the environment names, by the usual variables (as curl reads them).
package struct ProxySettings: Sendable, Equatable {
    package struct Proxy: Sendable, Hashable {
        package let host: String
        package let port: Int
        /// The value of `Proxy-Authorization`, when the proxy's URL carries a user.
        package let authorization: String?
    }

    package static let none = ProxySettings(environment: [:])

    private let plain: Proxy?
    private let secure: Proxy?
    private let exceptions: [String]

    /// Reads `http_proxy` (lower case only, since a CGI header can set the upper), `https_proxy`/`HTTPS_PROXY`,
    /// `all_proxy`/`ALL_PROXY` and `no_proxy`/`NO_PROXY` (names, domain suffixes, `*`; addresses literally).
    package init(environment: [String: String]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let all = value("all_proxy", "ALL_PROXY")
        plain = (value("http_proxy") ?? all).flatMap(Self.proxy)
        secure = (value("https_proxy", "HTTPS_PROXY") ?? all).flatMap(Self.proxy)
        exceptions = (value("no_proxy", "NO_PROXY") ?? "").lowercased().split(separator: ",").map {
            $0.drop { $0 == " " || $0 == "." }.prefix { $0 != " " }
        }.map(String.init).filter { !$0.isEmpty }
    }

    /// The proxy to reach `host` through; nil for a direct connection. Loopback is always direct.
    package func proxy(for host: String, isTLS: Bool) -> Proxy? {
        guard let proxy = isTLS ? secure : plain else { return nil }
        let name = host.lowercased()
        if name == "localhost" || name.hasPrefix("127.") || name == "::1" { return nil }
        let isException = exceptions.contains { $0 == "*" || name == $0 || name.hasSuffix("." + $0) }
        return isException ? nil : proxy
    }

    private static func proxy(_ text: String) -> Proxy? {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "http" else { return nil }
            rest = rest[scheme.upperBound...]
        }
        rest = rest.prefix { $0 != "/" }
        var authorization: String?
        if let at = rest.lastIndex(of: "@") {
            authorization = "Basic " + Base64.encode(PercentText.decodedBytes(rest[..<at].utf8))
            rest = rest[rest.index(after: at)...]
        }
        var port = 80
        if let colon = rest.lastIndex(of: ":"), let given = Int(rest[rest.index(after: colon)...]) {
            port = given
            rest = rest[..<colon]
        }
        let host = rest.filter { $0 != "[" && $0 != "]" }
        return host.isEmpty ? nil : Proxy(host: host, port: port, authorization: authorization)
    }
}

/// RFC 4648 base 64, for the few header values that need it.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << UInt32(16 - 8 * $1.offset) }
            for place in 0..<4 {
                let digit = digits[Int(word >> UInt32(18 - 6 * place) & 63)]
                text.append(place <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
