/// How reloading has gone so far: for metrics and for the health page. Times are nanoseconds since 1970.
package struct ReloadStatus: Sendable, Equatable {
    /// Configurations that took effect since the start, the first not counted.
    package var successes = 0
    /// Configurations that were refused.
    package var failures = 0
    package var lastSuccess: UInt64?
    package var lastFailure: UInt64?
    /// Why the files as they are now are not in force; nil when they are.
    package var lastError: String?

    package init() {}
}
