package import NIOCore
import NIOPosix
package import WeirCore

/// One loop and what lives on it for as long as the process: its executor and its timers.
package final class LoopFloor: Sendable {
    package let index: Int
    package let loop: any EventLoop
    package let executor: LoopExecutor
    package let time: TimeSource
    private let boundWheel: NIOLoopBound<TimerWheel>

    /// The loop's timers. Only on the loop.
    package var wheel: TimerWheel { boundWheel.value }

    /// Must be made on `loop`.
    package init(index: Int, loop: any EventLoop, time: TimeSource) {
        self.index = index
        self.loop = loop
        self.time = time
        executor = LoopExecutor(loop)
        boundWheel = NIOLoopBound(TimerWheel(on: loop, now: time.monotonic), eventLoop: loop)
    }

    /// Starts the task of one connection on this loop. Only on the loop.
    package func start(_ work: @escaping @Sendable () async -> Void) {
        Task(executorPreference: executor) { await work() }
    }

    /// Runs a task on the loop and waits for its result.
    package func task<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        await withUnsafeContinuation { done in
            loop.execute { self.start { done.resume(returning: await work()) } }
        }
    }

    /// Runs `work` on the loop and waits for it.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        let loop = loop
        return await withUnsafeContinuation { done in
            loop.execute { done.resume(returning: work()) }
        }
    }
}

/// The process's loops: one thread each.
package final class LoopGroup: Sendable {
    private let group: MultiThreadedEventLoopGroup
    package let floors: [LoopFloor]

    /// Starts `count` loops, at least one.
    package init(count: Int, time: TimeSource) async {
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(count, 1))
        var floors: [LoopFloor] = []
        for (index, loop) in group.makeIterator().enumerated() {
            let floor = await withUnsafeContinuation { (made: UnsafeContinuation<LoopFloor, Never>) in
                loop.execute { made.resume(returning: LoopFloor(index: index, loop: loop, time: time)) }
            }
            floors.append(floor)
        }
        self.floors = floors
    }

    /// Stops all loops; what is still open on them is closed.
    package func shutdown() async { try? await group.shutdownGracefully() }
}

extension LoopFloor {
    /// Runs `work` on a task of its own on this loop, and waits for its result or until it shall not be waited for any more.
    /// Only on the loop: nothing is handed over.
    ///
    /// - Parameters:
    ///   - givingUp: is handed what ends the wait.
    ///   - late: gets the result of work that was not waited for to its end.
    package func own<Result>(
        _ work: @escaping () async -> Result, givingUp: (_ giveUp: @escaping () -> Void) -> Void,
        late: @escaping (Result) -> Void
    ) async -> Result? {
        let loop = loop
        let race = NIOLoopBound((Waiter<Result>(), work, late), eventLoop: loop)
        let result: NIOLoopBound<Result?> = await withUnsafeContinuation { done in
            race.value.0.continuation = done
            givingUp { race.value.0.continuation.take()?.resume(returning: NIOLoopBound(nil, eventLoop: loop)) }
            start {
                let (waiter, work, late) = race.value
                let result = await work()
                if let waiting = waiter.continuation.take() {
                    waiting.resume(returning: NIOLoopBound(result, eventLoop: loop))
                } else {
                    late(result)
                }
            }
        }
        return result.value
    }

    private final class Waiter<Result> {
        var continuation: UnsafeContinuation<NIOLoopBound<Result?>, Never>?
    }

    /// Runs `work` on a task of its own on this loop. Only on the loop: nothing is handed over.
    package func begin(_ work: @escaping () async -> Void) {
        let work = NIOLoopBound(work, eventLoop: loop)
        start { await work.value() }
    }

    /// Makes a value on the loop and keeps it there.
    package func make<Value>(_ make: @escaping @Sendable () -> Value) async -> OnLoop<Value> {
        await run { OnLoop(make(), on: self) }
    }

    /// Runs `work` on the loop again and again, for as long as the loop lives.
    package func every(milliseconds: Int64, _ work: @escaping @Sendable () -> Void) {
        let pause = TimeAmount.milliseconds(milliseconds)
        loop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in work() }
    }

    /// Calls `report` every second with the nanoseconds by which the loop was late.
    package func watchLag(_ report: @escaping @Sendable (UInt64) -> Void) {
        let time = time
        let interval: UInt64 = 1_000_000_000
        let next = NIOLoopBoundBox(time.monotonic() + interval, eventLoop: loop)
        loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let now = time.monotonic()
            report(now > next.value ? now - next.value : 0)
            next.value = now + interval
        }
    }
}

/// Where a server listens.
package struct ListenAddress: Sendable {
    let socket: SocketAddress

    package var port: Int { socket.port ?? 0 }

    /// The first address of `host`, which is a name or an address. Throws when it has none.
    package init(host: String, port: Int) throws {
        socket = try (try? SocketAddress(ipAddress: host, port: port)) ?? .makeAddressResolvingHost(host, port: port)
    }
}
