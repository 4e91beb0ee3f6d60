/// What the configuration says of limits.
package struct LimitsSettings: Sendable, Equatable {
    /// All requests together.
    package var global = LimitSet()
    /// By the alias of a key, or by the digest of the key itself (`Principal.keyHash`); the alias is looked for first.
    package var perPrincipal: [String: LimitSet] = [:]
    /// For every principal that is not named in `perPrincipal`: each has windows of its own.
    package var defaultPrincipal = LimitSet()
    /// By the name of the model group.
    package var perGroup: [String: LimitSet] = [:]

    package init() {}

    package var isEmpty: Bool {
        global.isEmpty && defaultPrincipal.isEmpty && perPrincipal.values.allSatisfy(\.isEmpty)
            && perGroup.values.allSatisfy(\.isEmpty)
    }
}
