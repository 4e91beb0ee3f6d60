/// `model_group_limits`: how much one model group may take from everybody together.
package struct GroupLimit: Sendable, Equatable {
    /// A model group, or an alias of one.
    package let group: String
    package let limits: LimitFields
    package let place: SourceLocation

    package init(group: String, limits: LimitFields, place: SourceLocation) {
        self.group = group
        self.limits = limits
        self.place = place
    }
}
