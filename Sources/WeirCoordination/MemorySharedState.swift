import Synchronization

/// The shared store as a value in memory: the model that every other store is measured by. Several replicas of one process
/// may use it, for instance in a simulation.
///
/// `clock` is the store's own, in milliseconds of any start.
package final class MemorySharedState: SharedState {
    package var losses: UInt64 { 0 }

    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        var windows: [String: Window] = [:]
        var slots: [String: [String: Int]] = [:]
        var replicas: [String: (seen: Int64, report: [UInt8])] = [:]
    }

    private struct Window {
        var leased: [Int64: Int] = [:]
        var told: [Told: Int] = [:]
        var length: Int64 = 0

        struct Told: Hashable {
            let replica: String
            let bucket: Int64
        }
    }

    private static let width = Int64(SharedTiming.bucketMilliseconds)

    package init(clock: @escaping @Sendable () -> Int64) { self.clock = clock }

    /// Loses everything, as a store does that was started anew.
    package func forgetAll() { state.withLock { $0 = State() } }

    /// Windows and slots that are kept.
    package var count: Int { state.withLock { $0.windows.count + $0.slots.count } }

    package func ask(_ questions: [SharedQuestion], answer: @escaping @Sendable ([SharedAnswer]?) -> Void) {
        answer(answers(to: questions))
    }

    /// The same, at once.
    package func answers(to questions: [SharedQuestion]) -> [SharedAnswer] {
        let now = clock()
        return state.withLock { state in questions.map { Self.answer(to: $0, at: now, &state) } }
    }

    private static func answer(to question: SharedQuestion, at now: Int64, _ state: inout State) -> SharedAnswer {
        switch question {
        case .lease(let id, let limit, let window, let amount, let atLeast):
            return lease(&state.windows[id, default: Window()], limit, Int64(window), amount, atLeast, now)
        case .giveBack(let id, let bucket, let amount):
            if let count = state.windows[id]?.leased[bucket] {
                state.windows[id]?.leased[bucket] = max(0, count - max(0, amount))
            }
            return .done
        case .restore(let id, let replica, let ages):
            var sums: [Window.Told: Int] = [:]
            for use in ages where use.count > 0 {
                let bucket = (now - Int64(max(0, use.ageMilliseconds))) / width
                sums[Window.Told(replica: replica, bucket: bucket), default: 0] += use.count
            }
            for (key, sum) in sums {
                let known = state.windows[id]?.told[key] ?? 0
                state.windows[id, default: Window()].told[key] = max(known, sum)
            }
            return .done
        case .slots(let id, let limit, let replica, let held, let wanted):
            let dead = now - Int64(SharedTiming.deadMilliseconds)
            let report = state.replicas[replica]?.report ?? []
            state.replicas[replica] = (now, report)
            var others = 0
            for (name, count) in state.slots[id] ?? [:] where name != replica {
                if let seen = state.replicas[name]?.seen, seen >= dead {
                    others += count
                } else {
                    state.slots[id]?[name] = nil
                }
            }
            let granted = max(held, min(wanted, limit - others))
            state.slots[id, default: [:]][replica] = granted > 0 ? granted : nil
            if state.slots[id]?.isEmpty == true { state.slots[id] = nil }
            return .slots(granted: granted)
        case .heartbeat(let replica, let report):
            state.replicas[replica] = (now, report)
            let dead = now - Int64(SharedTiming.deadMilliseconds)
            state.replicas = state.replicas.filter { $0.value.seen >= dead }
            let living = state.replicas.sorted { $0.key < $1.key }
            return .replicas(living.map { SharedReplica(name: $0.key, report: $0.value.report) })
        }
    }

    private static func lease(
        _ window: inout Window, _ limit: Int, _ length: Int64, _ amount: Int, _ atLeast: Int, _ now: Int64
    ) -> SharedAnswer {
        window.length = length
        let hold = length + Int64(SharedTiming.holdMilliseconds)
        window.leased = window.leased.filter { ($0.key + 1) * width + hold > now }
        window.told = window.told.filter { ($0.key.bucket + 1) * width + hold > now }
        let counted = window.leased.values.reduce(0, +) + window.told.values.reduce(0, +)
        let left = max(0, limit - counted)
        let granted = min(max(0, amount), left)
        let bucket = now / width
        guard granted > 0, granted >= atLeast else {
            let used = window.leased.filter { $0.value > 0 }.keys
            let oldest = min(used.min() ?? .max, window.told.keys.map(\.bucket).min() ?? .max)
            let frees = oldest == .max ? hold : (oldest + 1) * width + hold - now
            return .lease(
                granted: 0, bucket: bucket, remaining: left, freesAfterMilliseconds: Int(max(1, frees)))
        }
        window.leased[bucket, default: 0] += granted
        return .lease(granted: granted, bucket: bucket, remaining: left - granted, freesAfterMilliseconds: 0)
    }
}
