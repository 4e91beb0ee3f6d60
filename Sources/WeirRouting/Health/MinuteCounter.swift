import Synchronization

/// Counts what happened within the last 50 to 60 seconds, without a lock: six buckets of ten seconds.
///
/// Each bucket is one word: the number of its ten seconds in the upper 24 bits, the count in the lower 40. An addition that
/// is held up for a whole minute between its two steps lands in a wrong bucket; nothing worse happens.
package struct MinuteCounter: ~Copyable, Sendable {
    private static let bucket: UInt64 = 10_000_000_000
    private static let countBits: UInt64 = 40

    private let first = Atomic<UInt64>(0)
    private let second = Atomic<UInt64>(0)
    private let third = Atomic<UInt64>(0)
    private let fourth = Atomic<UInt64>(0)
    private let fifth = Atomic<UInt64>(0)
    private let sixth = Atomic<UInt64>(0)

    package init() {}

    /// `amount` is at least 0.
    package func add(_ amount: Int, at now: UInt64) {
        let epoch = now / Self.bucket
        switch epoch % 6 {
        case 0: Self.add(amount, epoch, first)
        case 1: Self.add(amount, epoch, second)
        case 2: Self.add(amount, epoch, third)
        case 3: Self.add(amount, epoch, fourth)
        case 4: Self.add(amount, epoch, fifth)
        default: Self.add(amount, epoch, sixth)
        }
    }

    package func sum(at now: UInt64) -> Int {
        let epoch = now / Self.bucket
        return Self.count(first, epoch) + Self.count(second, epoch) + Self.count(third, epoch)
            + Self.count(fourth, epoch) + Self.count(fifth, epoch) + Self.count(sixth, epoch)
    }

    private static func add(_ amount: Int, _ epoch: UInt64, _ word: borrowing Atomic<UInt64>) {
        let amount = UInt64(min(max(amount, 0), 1 << 32))
        let mark = epoch & 0xFF_FFFF
        var present = word.load(ordering: .relaxed)
        while present >> countBits != mark {
            let (exchanged, original) = word.compareExchange(
                expected: present, desired: mark << countBits | amount, ordering: .relaxed)
            if exchanged { return }
            present = original
        }
        word.wrappingAdd(amount, ordering: .relaxed)
    }

    private static func count(_ word: borrowing Atomic<UInt64>, _ epoch: UInt64) -> Int {
        let present = word.load(ordering: .relaxed)
        let age = (epoch &- present >> countBits) & 0xFF_FFFF
        return age < 6 ? Int(present & (1 << countBits - 1)) : 0
    }
}
