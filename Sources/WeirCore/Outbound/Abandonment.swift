/// Tells the one who waits for an upstream that the client has left. Bound to the loop of its connection.
package final class Abandonment {
    private var hook: (() -> Void)?
    package private(set) var isAbandoned = false

    package init() {}

    /// Runs `hook` when the client leaves; at once if he already has. Replaces an earlier hook.
    package func onAbandon(_ hook: (() -> Void)?) {
        if isAbandoned { hook?() } else { self.hook = hook }
    }

    /// The client has left.
    package func abandon() {
        guard !isAbandoned else { return }
        isAbandoned = true
        let hook = hook
        self.hook = nil
        hook?()
    }
}
