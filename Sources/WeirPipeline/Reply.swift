package import WeirCore

/// What goes back to the client.
package struct Reply {
    package enum Body {
        /// Complete, in order.
        case whole([Bytes])
        case stream(ReplyStream)
    }

    package let status: Int
    /// The upstream's end-to-end field lines.
    package let fields: Bytes
    /// The length of a streamed body where it is known.
    package let length: Int?
    package let isEventStream: Bool
    package let body: Body
}
