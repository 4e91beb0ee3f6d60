package import WeirCore

/// Where an API's paths begin: `https://host:port/path`.
package struct BaseURL: Sendable, Equatable {
    package let address: UpstreamAddress
    /// Begins with a slash, ends without one; empty for the root.
    package let path: String
    /// Items that go with each call, without the question mark; empty when there are none.
    package let query: String

    /// Reads an absolute `http` or `https` URL. Nil for anything else, and for one with a user or a fragment, whose
    /// secrets would end up in logs.
    package init?(_ text: String, tlsIdentity: Int = 0) {
        let isTLS = text.lowercased().hasPrefix("https://")
        guard isTLS || text.lowercased().hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isTLS ? 8 : 7)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@"), let (host, port) = Self.split(authority, isTLS) else {
            return nil
        }
        address = UpstreamAddress(isTLS: isTLS, host: host, port: port, tlsIdentity: tlsIdentity)
        let target = rest[authority.endIndex...]
        var path = target.prefix { $0 != "?" }
        query = String(target[path.endIndex...].dropFirst())
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
    }

    private static func split(_ authority: Substring, _ isTLS: Bool) -> (String, Int)? {
        let standard = isTLS ? 443 : 80
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            let rest = authority[authority.index(after: end)...]
            guard !host.isEmpty else { return nil }
            if rest.isEmpty { return (host, standard) }
            guard rest.hasPrefix(":"), let port = port(rest.dropFirst()) else { return nil }
            return (host, port)
        }
        guard let colon = authority.firstIndex(of: ":") else { return (String(authority), standard) }
        let host = authority[..<colon]
        guard !host.isEmpty, let port = port(authority[authority.index(after: colon)...]) else { return nil }
        return (String(host), port)
    }

    private static func port(_ text: Substring) -> Int? {
        guard let port = Int(text), (1...65_535).contains(port), text.first != "+" else { return nil }
        return port
    }
}
