package import WeirCore
package import WeirRouting

/// What a client asks of the gateway itself, in header fields or members of the body that no upstream gets to see. A class,
/// because nearly every request has none.
package final class CallWishes {
    /// `timeout`, `x-litellm-timeout`: for requests whose reply comes whole, until its last byte.
    package var timeout: Timeout?
    /// `stream_timeout`, `x-litellm-stream-timeout`: between two pieces of a stream, the first included.
    package var streamTimeout: Timeout?
    /// `tags`, `x-litellm-tags`.
    package var tags: [String] = []
    /// `session_id`, `litellm_session_id`, `x-litellm-session-id`.
    package var session: String?
    /// `priority`, `x-litellm-priority`.
    package var priority: Int?
    /// `allowed_model_region`: only deployments that run there may serve.
    package var region: String?
    /// `x-weir-explain`: the reply tells what was decided.
    package var explains = false
    /// Retries, fallbacks, and failures that are made up.
    package var overrides: RouteOverrides?

    package init() {}
}
