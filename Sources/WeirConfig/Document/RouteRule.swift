/// One rule of `routes`: which models it is about, when it holds, and what it adds.
package struct RouteRule: Sendable {
    /// A header that the request must have; names are compared without regard to case.
    package struct Condition: Sendable, Equatable {
        package let header: String
        /// Nil: any value will do.
        package let value: String?

        package init(header: String, value: String?) {
            self.header = header
            self.value = value
        }
    }

    /// The key below `routes` that holds the rule (`openai`): the provider's name, or any other; empty when `routes` is a list.
    package var group: String
    /// Names from `model_list`; a name that is not defined stays here but can never be taken.
    package var models: [String]
    /// Nil: the rule's models get its parameters always.
    package var condition: Condition?
    /// Set where the client did not; those of rules with a condition are not acted on yet.
    package var completionParams: [JSONField]
    package var place: SourceLocation

    package init(
        group: String, models: [String], condition: Condition? = nil, completionParams: [JSONField] = [],
        place: SourceLocation
    ) {
        self.group = group
        self.models = models
        self.condition = condition
        self.completionParams = completionParams
        self.place = place
    }
}
