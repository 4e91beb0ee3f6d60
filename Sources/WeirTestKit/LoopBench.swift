import NIOCore
package import NIOEmbedded
package import WeirLoops

/// One loop without threads or sockets, turned by hand: whatever runs on it runs only when a test says so.
///
/// Only for synchronous tests, since everything must stay on one thread.
package final class LoopBench {
    package let loop = EmbeddedEventLoop()
    package let clock = TestClock()
    package let floor: LoopFloor

    package init() { floor = LoopFloor(index: 0, loop: loop, time: clock.source) }

    /// Runs what can run now.
    package func run() { loop.run() }

    /// Moves both the clock and the loop, tick by tick, and runs what becomes due.
    package func advance(milliseconds: UInt64) {
        var left = milliseconds
        while left > 0 {
            let step = min(left, TimerWheel.tickNanoseconds / 1_000_000)
            clock.advance(milliseconds: step)
            loop.advanceTime(by: .milliseconds(Int64(step)))
            left -= step
        }
    }

    package func advance(seconds: UInt64) { advance(milliseconds: seconds * 1000) }

    /// Starts a task on the loop and runs it as far as it comes.
    package func start<Value>(_ work: @escaping () async throws -> Value) -> Outcome<Value> {
        let outcome = Outcome<Value>()
        let bound = NIOLoopBound((outcome, work), eventLoop: loop)
        floor.start {
            let (outcome, work) = bound.value
            do { outcome.result = .success(try await work()) } catch { outcome.result = .failure(error) }
        }
        loop.run()
        return outcome
    }

    /// What `work` gives. Throws what it throws, and `Unfinished` when it still waits for something.
    package func finish<Value>(_ work: @escaping () async throws -> Value) throws -> Value { try start(work).get() }
}

/// What became of a task on a bench.
package final class Outcome<Value> {
    package fileprivate(set) var result: Result<Value, any Error>?

    package var isFinished: Bool { result != nil }

    package func get() throws -> Value {
        guard let result else { throw Unfinished() }
        return try result.get()
    }
}

/// A task was expected to be over and still waits.
package struct Unfinished: Error {}
