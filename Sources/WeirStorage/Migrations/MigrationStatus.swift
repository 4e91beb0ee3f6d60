/// How far a store's schema is.
package struct MigrationStatus: Sendable, Hashable {
    /// A step that was carried out.
    package struct Applied: Sendable, Hashable {
        package let number: Int
        package let name: String
        package let checksum: String
        /// Microseconds since 1970 UTC.
        package let at: Int64
        /// The version of the binary that did it.
        package let binary: String
    }

    /// By number.
    package let applied: [Applied]
    /// The names of the steps that a run would carry out, in order.
    package let pending: [String]
    /// Why this binary cannot use the store; nil when it can.
    package let fault: MigrationFault?

    /// Nothing needs to be done, and nothing is in the way.
    package var isCurrent: Bool { pending.isEmpty && fault == nil }

    init(applied: [Applied], steps: [SchemaStep]) {
        self.applied = applied
        let done = Set(applied.map(\.number))
        pending = steps.filter { !done.contains($0.number) }.map(\.name)
        fault = Self.fault(applied, steps)
    }

    private static func fault(_ applied: [Applied], _ steps: [SchemaStep]) -> MigrationFault? {
        guard let last = applied.map(\.number).max() else { return nil }
        let known = steps.map(\.number).max() ?? 0
        if last > known { return .newer(store: last, binary: known) }
        for step in steps where step.number <= last {
            guard let applied = applied.first(where: { $0.number == step.number }) else {
                return .torn(number: step.number, name: step.name)
            }
            if applied.checksum != step.checksum { return .altered(number: step.number, name: applied.name) }
        }
        return nil
    }
}
