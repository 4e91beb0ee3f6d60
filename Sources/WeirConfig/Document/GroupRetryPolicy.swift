package import WeirCore

/// Retries for each kind of failure in one model group: an entry of `model_group_retry_policy`. It takes the place of the
/// router's `retry_policy` as a whole.
package struct GroupRetryPolicy: Sendable, Equatable {
    package let group: String
    /// Tries after the first, 0 to 100.
    package let retries: [FailureClass: Int]
    package let place: SourceLocation

    package init(group: String, retries: [FailureClass: Int], place: SourceLocation) {
        self.group = group
        self.retries = retries
        self.place = place
    }
}
