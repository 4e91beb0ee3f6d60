package import NIOCore
package import WeirCore

/// A deadline that can be moved for nothing: setting and clearing it are two stores and a look at the clock. Bound to its wheel's loop.
package final class Alarm {
    /// The tick at which it is due; 0 when it is not set.
    fileprivate(set) var due: UInt64 = 0
    /// The tick at which the wheel looks at it next; 0 when it is in no slot.
    fileprivate var armed: UInt64 = 0
    /// What is called when it is due.
    package var ring: () -> Void

    package init(ring: @escaping () -> Void = {}) { self.ring = ring }

    package func clear() { due = 0 }

    fileprivate func expire() {
        due = 0
        ring()
    }
}

/// One coarse timer wheel for all deadlines of a loop. Bound to that loop.
///
/// Expected use: every connection sets and clears a deadline several times a request, and almost none expires. So an
/// alarm stays in the slot where it was first put; when the slot comes up and the alarm has been moved to later, it is put
/// in a later slot. Precision is one tick (50 ms) late at most two; the wheel sleeps while it is empty.
package final class TimerWheel {
    package static let tickNanoseconds: UInt64 = 50_000_000
    private static let slotCount: UInt64 = 1024

    private struct Entry {
        let alarm: Alarm
        let tick: UInt64
    }

    private var slots: [[Entry]]
    private var entries = 0
    private var current: UInt64
    private let now: () -> UInt64
    private let sleep: (_ wake: @escaping () -> Void) -> Void
    private var isTicking = false

    /// A wheel that asks `now` for nanoseconds of a clock that never goes back, and `sleep` to be woken one tick later.
    package init(now: @escaping () -> UInt64, sleep: @escaping (_ wake: @escaping () -> Void) -> Void) {
        self.now = now
        self.sleep = sleep
        slots = Array(repeating: [], count: Int(Self.slotCount))
        current = now() / Self.tickNanoseconds
    }

    /// Sets `alarm` to ring after `timeout`, instead of when it was due before. No timeout clears it.
    package func set(_ alarm: Alarm, after timeout: Timeout) {
        guard timeout != .none else { return alarm.clear() }
        // The clock, not the last tick: a loop that was held up must not make alarms ring early.
        let present = now() / Self.tickNanoseconds
        if !isTicking { current = present }
        alarm.due = present + 2 + timeout.nanoseconds / Self.tickNanoseconds
        if alarm.armed == 0 || alarm.due < alarm.armed { insert(alarm) }
        if !isTicking { tick() }
    }

    /// Rings what is due up to now. Called by the wheel itself; tests call it by hand.
    package func advance() {
        let target = now() / Self.tickNanoseconds
        while current < target {
            if entries == 0 {
                current = target
                return
            }
            current += 1
            let slot = Int(current % Self.slotCount)
            guard !slots[slot].isEmpty else { continue }
            let batch = slots[slot]
            slots[slot].removeAll(keepingCapacity: batch.count <= 64)
            entries -= batch.count
            for entry in batch where entry.alarm.armed == entry.tick { look(at: entry.alarm) }
        }
    }

    private func look(at alarm: Alarm) {
        alarm.armed = 0
        if alarm.due == 0 { return }
        if alarm.due <= current { alarm.expire() } else { insert(alarm) }
    }

    private func insert(_ alarm: Alarm) {
        let tick = min(max(alarm.due, current + 1), current + Self.slotCount - 1)
        alarm.armed = tick
        slots[Int(tick % Self.slotCount)].append(Entry(alarm: alarm, tick: tick))
        entries += 1
    }

    private func tick() {
        isTicking = true
        sleep { [weak self] in
            guard let self else { return }
            advance()
            if entries > 0 { tick() } else { isTicking = false }
        }
    }
}

extension TimerWheel {
    /// A wheel driven by `loop`.
    package convenience init(on loop: any EventLoop, now: @escaping @Sendable () -> UInt64) {
        self.init(
            now: now,
            sleep: { wake in
                let bound = NIOLoopBound(wake, eventLoop: loop)
                loop.scheduleTask(in: .nanoseconds(Int64(Self.tickNanoseconds))) { bound.value() }
            })
    }
}
