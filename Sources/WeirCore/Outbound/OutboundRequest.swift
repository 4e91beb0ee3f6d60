/// Where an upstream listens, and how it is reached: the key of a connection pool.
package struct UpstreamAddress: Sendable, Hashable {
    package let isTLS: Bool
    package let host: String
    package let port: Int
    /// A number for the TLS identity (own CA, client certificate); 0 is the system's.
    package let tlsIdentity: Int

    package init(isTLS: Bool, host: String, port: Int, tlsIdentity: Int = 0) {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.tlsIdentity = tlsIdentity
    }

    /// The value of `Host`: the port is left out where it is the scheme's own.
    package var authority: String {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }
}

/// How long each part of an upstream exchange may take.
package struct UpstreamTimeouts: Sendable, Equatable {
    package var connect: Timeout
    /// From the request's last byte to the reply's first.
    package var firstByte: Timeout
    /// Between two pieces of a reply.
    package var idle: Timeout
    /// From the start to the reply's last byte.
    package var total: Timeout

    package init(
        connect: Timeout = .seconds(5), firstByte: Timeout = .seconds(6000), idle: Timeout = .seconds(6000),
        total: Timeout = .seconds(6000)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}

/// A request as it goes to an upstream, complete to the last byte.
package struct OutboundRequest: Sendable {
    package let address: UpstreamAddress
    /// The head with its framing fields and blank line, and the body's beginning, or all of it when it is small.
    package let message: Bytes
    /// The rest of the body, in order; these pieces share storage with what the client sent.
    package let rest: [Bytes]
    package var timeouts: UpstreamTimeouts

    package init(address: UpstreamAddress, message: Bytes, rest: [Bytes], timeouts: UpstreamTimeouts) {
        self.address = address
        self.message = message
        self.rest = rest
        self.timeouts = timeouts
    }
}
