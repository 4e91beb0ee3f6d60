package import WeirCore

/// From where the gateway may be called (`allowed_ips`), and whose word about an address counts.
///
/// With `use_x_forwarded_for` the address of the client is read from `X-Forwarded-For`, from the right: each proxy appends
/// the address that it was called from, so the entries of trusted proxies are passed over and the first other one is the
/// client. What stands further left was written by the client himself and is never believed. When no proxies are named, the
/// one that the connection comes from is taken for the only one. From a connection that does not come from a trusted proxy
/// the field is not read at all.
package struct AddressRule: Sendable {
    /// Everybody.
    package static let none = AddressRule(allowed: nil)

    private let allowed: [AddressBlock]?
    private let trusted: [AddressBlock]
    /// Whether an address that the client's connection does not show is looked for at all.
    package let readsForwarded: Bool

    /// `allowed` nil: from everywhere; empty: from nowhere.
    package init(
        allowed: [AddressBlock]?, usesForwardedFor: Bool = false, trustedProxies: [AddressBlock] = []
    ) {
        self.allowed = allowed
        trusted = trustedProxies
        readsForwarded = usesForwardedFor
    }

    /// The same out of texts: addresses and networks. What cannot be read lets nobody in (`unreadable`).
    package init(_ allowed: [String], usesForwardedFor: Bool = false, trustedProxies: [String] = []) {
        self.init(
            allowed: allowed.compactMap(AddressBlock.init), usesForwardedFor: usesForwardedFor,
            trustedProxies: trustedProxies.compactMap(AddressBlock.init))
    }

    /// Those of `texts` that are neither an address nor a network.
    package static func unreadable(_ texts: [String]) -> [String] { texts.filter { AddressBlock($0) == nil } }

    package var isEmpty: Bool { allowed == nil }

    /// Whether somebody with this address may call. What is no address may not.
    package func admits(_ address: String) -> Bool {
        guard let allowed else { return true }
        guard let address = AddressBlock(address) else { return false }
        return allowed.contains { $0.contains(address) }
    }

    /// Throws `addressForbidden`.
    package func check(_ address: String) throws(GatewayFault) {
        guard !admits(address) else { return }
        throw GatewayFault(
            .addressForbidden, "Access forbidden: IP address not allowed.", detail: "the address is \(address)")
    }

    /// The address of the client. `peer`: where the connection comes from; `forwarded`: the values of all
    /// `X-Forwarded-For` fields, joined by commas.
    package func client(peer: String, forwarded: String?) -> String {
        guard readsForwarded, let forwarded, trusts(peer) else { return peer }
        var client = peer
        for entry in forwarded.split(separator: ",").reversed() {
            let address = Self.bare(entry)
            guard AddressBlock(address) != nil else { return client }
            client = address
            if trusted.isEmpty || !trusts(address) { return client }
        }
        return client
    }

    private func trusts(_ address: String) -> Bool {
        if trusted.isEmpty { return true }
        guard let address = AddressBlock(address) else { return false }
        return trusted.contains { $0.contains(address) }
    }

    /// Without spaces, brackets and a port.
    private static func bare(_ entry: Substring) -> String {
        let text = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        if text.first == "[" { return String(text.dropFirst().prefix { $0 != "]" }) }
        let colons = text.count { $0 == ":" }
        return String(colons == 1 ? text.prefix { $0 != ":" } : text)
    }
}
