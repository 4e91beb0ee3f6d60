/// The strategy of one model group that does not follow the router's: an entry of `model_group_routing_strategy`, or one
/// of the models of an entry of `routing_groups`.
package struct GroupStrategy: Sendable, Equatable {
    package let group: String
    package let fields: StrategyFields
    package let place: SourceLocation

    package init(group: String, fields: StrategyFields, place: SourceLocation) {
        self.group = group
        self.fields = fields
        self.place = place
    }
}
