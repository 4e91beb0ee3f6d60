import ArgumentParser
import WeirCore

/// Where a running Weir is: `http[s]://host[:port][/prefix]`.
struct ServiceURL: Sendable, Hashable {
    let address: UpstreamAddress
    /// Before every path; empty, or with a slash at its beginning only.
    let prefix: String

    /// Throws a sentence that says what is wrong.
    init(_ text: String) throws(CommandFault) {
        guard let scheme = text.firstRange(of: "://"), ["http", "https"].contains(text[..<scheme.lowerBound]) else {
            throw CommandFault("'\(text)' is no address of a gateway; write it as http://127.0.0.1:4000")
        }
        let isTLS = text[..<scheme.lowerBound] == "https"
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        let isPlain = text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0.value != 0x7F }
        guard isPlain, !authority.contains("@"), !path.contains("?"), !path.contains("#"),
            let (host, port) = Self.parts(authority, standard: isTLS ? 443 : 80)
        else {
            throw CommandFault(
                "'\(text)' cannot be used as an address: give the scheme, the host, a port from 1 to 65535 and a path")
        }
        address = UpstreamAddress(isTLS: isTLS, host: host, port: port)
        prefix = String(path)
    }

    private static func parts(_ authority: Substring, standard: Int) -> (host: String, port: Int)? {
        var host = authority
        var port: Substring = ""
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.first == ":" else { return nil }
            port = behind.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
            if host.contains(":") { return nil }
        }
        guard !host.isEmpty else { return nil }
        if port.isEmpty { return (String(host), standard) }
        guard let number = Int(port), (1...65_535).contains(number) else { return nil }
        return (String(host), number)
    }

    /// For people.
    var text: String { "\(address.isTLS ? "https" : "http")://\(address.authority)\(prefix)" }
}
