import WeirAccess
import WeirCore
import WeirTestKit

/// Customers before a store, with a clock and an alarm in the test's hand.
struct CustomerRoom {
    let store = SlowStore()
    let clock = TestClock()
    let alarm = HeldAlarm()
    let customers: Customers

    init(_ bounds: KeyCache.Bounds = Customers.bounds, defaultBudget: String? = nil) {
        customers = Customers(store: store, time: clock.source, bounds: bounds, alarm: alarm.alarm)
        customers.adopt(defaultBudget: defaultBudget)
    }

    var wall: UInt64 { clock.source.wall() }

    func add(_ entities: Entity...) async throws {
        try await store.write { session in
            for entity in entities { try session.insert(entity) }
        }
    }

    func add(_ id: String, _ document: JSONObject = JSONObject()) async throws {
        try await add(KeyRoom.entity(.customers, id, document))
    }

    func apply(_ kind: EntityKind, _ id: String) {
        customers.apply(Change(sequence: 1, kind: kind.rawValue, id: id))
    }

    func known(_ id: String) -> Principal? {
        if case .known(let customer) = customers.customer(id, at: wall) { customer } else { nil }
    }

    func isUnknown(_ id: String) -> Bool {
        if case .unknown = customers.customer(id, at: wall) { true } else { false }
    }

    func isUnseen(_ id: String) -> Bool {
        if case .unseen = customers.customer(id, at: wall) { true } else { false }
    }
}
