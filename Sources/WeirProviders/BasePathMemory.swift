import Synchronization

/// Whether the paths of a server named without a path begin at its root or with `/v1`: found out once, remembered for as
/// long as the process lives.
package final class BasePathMemory: Sendable {
    package enum Choice: UInt8, Sendable { case unknown, version, root }

    private let stored = Atomic<UInt8>(0)

    package init() {}

    package var choice: Choice { Choice(rawValue: stored.load(ordering: .relaxed)) ?? .unknown }

    package func remember(_ choice: Choice) { stored.store(choice.rawValue, ordering: .relaxed) }
}
