import NIOCore
package import WeirCore

extension BaseURL {
    /// A question for what is at the address itself, without a key: public keys of an identity provider, for example; or with
    /// `token`, which must be visible ASCII.
    package func get(accept type: String, token: String? = nil, timeouts: UpstreamTimeouts) -> OutboundRequest {
        let target = (path.isEmpty ? "/" : path) + (query.isEmpty ? "" : "?\(query)")
        let head =
            "GET \(target) HTTP/1.1\r\nhost: \(address.authority)\r\naccept: \(type)\r\nuser-agent: weir\r\n"
            + (token.map { "authorization: Bearer \($0)\r\n" } ?? "") + "content-length: 0\r\n\r\n"
        return OutboundRequest(address: address, message: Bytes(string: head), rest: [], timeouts: timeouts)
    }
}
