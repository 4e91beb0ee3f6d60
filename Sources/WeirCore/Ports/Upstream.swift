/// Sends requests to upstreams. Bound to one loop.
package protocol Upstream: AnyObject {
    /// Sends `request` and waits for the head of the reply.
    ///
    /// When `abandonment` happens the connection is closed and `clientLeft` is thrown. Faults before the head:
    /// `upstreamRefused`, `upstreamReset`, `upstreamTimeout`, `upstreamGarbled`.
    func open(_ request: OutboundRequest, _ abandonment: Abandonment) async throws(GatewayFault) -> any OutboundReply

    /// Runs `work` on a task of its own on the same loop.
    func start(_ work: @escaping () async -> Void)

    /// Waits about so many nanoseconds before another attempt. Throws `clientLeft` as soon as `abandonment` happens.
    func pause(_ nanoseconds: UInt64, _ abandonment: Abandonment) async throws(GatewayFault)
}
