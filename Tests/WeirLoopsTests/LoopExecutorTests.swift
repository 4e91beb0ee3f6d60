import NIOCore
import Testing
import WeirLoops
import WeirTestKit

struct LoopExecutorTests {
    @Test func `nothing of a task runs before its loop turns`() throws {
        let bench = LoopBench()
        let bound = NIOLoopBound(Steps(), eventLoop: bench.loop)
        bench.floor.start { bound.value.add("ran") }
        #expect(bound.value.all.isEmpty)
        bench.run()
        #expect(bound.value.all == ["ran"])
    }

    @Test func `tasks run in the order in which they were started`() throws {
        let bench = LoopBench()
        let bound = NIOLoopBound(Steps(), eventLoop: bench.loop)
        for number in 1...5 { bench.floor.start { bound.value.add("\(number)") } }
        bench.run()
        #expect(bound.value.all == ["1", "2", "3", "4", "5"])
    }

    @Test func `a task that is resumed on its loop goes on in the same turn`() throws {
        let bench = LoopBench()
        let steps = Steps()
        let waiting = bench.start {
            await withUnsafeContinuation { steps.waiter = $0 }
            steps.add("resumed")
        }
        #expect(steps.all.isEmpty)
        _ = bench.start {
            steps.waiter.take()?.resume()
            steps.add("resuming")
        }
        #expect(steps.all == ["resuming", "resumed"])
        #expect(waiting.isFinished)
    }

    @Test func `children of a task stay on the loop`() async {
        let group = await LoopGroup(count: 2, time: TestClock().source)
        for floor in group.floors {
            let loop = floor.loop
            let all = await floor.task {
                async let child = LoopExecutorTests.isOn(loop)
                return await (child, LoopExecutorTests.isOn(loop), loop.inEventLoop)
            }
            #expect(all == (true, true, true))
        }
        await group.shutdown()
    }

    private static func isOn(_ loop: any EventLoop) async -> Bool {
        await Task.yield()
        return loop.inEventLoop
    }

    @Test func `a value made on a loop is used on it`() async {
        let group = await LoopGroup(count: 1, time: TestClock().source)
        let held = await group.floors[0].make { Steps() }
        await held.run { $0.add("run") }
        await held.task { $0.add("task") }
        #expect(await held.run { $0.all } == ["run", "task"])
        await group.shutdown()
    }

    /// What was done, in order. Bound to one loop.
    private final class Steps {
        private(set) var all: [String] = []
        var waiter: UnsafeContinuation<Void, Never>?

        func add(_ step: String) { all.append(step) }
    }
}
