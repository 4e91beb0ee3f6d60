/// The address of a provider: scheme, host, port, path.
enum BaseURL {
    /// The address without trailing slashes; nil when it is not `http://` or `https://` with a host and a possible port, or has
    /// spaces, controls or a fragment in it.
    static func checked(_ text: String) -> String? {
        let lowered = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lowered.hasPrefix($0) }),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") })
        else {
            return nil
        }
        var authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard hasHost(authority) else { return nil }
        var base = Substring(text)
        while base.last == "/" { base = base.dropLast() }
        return String(base)
    }

    private static func hasHost(_ authority: Substring) -> Bool {
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return false }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return false }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, let port else { return !host.isEmpty }
        return Int(port).map { (1...65535).contains($0) } ?? false
    }
}
