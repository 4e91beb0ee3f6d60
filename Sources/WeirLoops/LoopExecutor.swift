package import NIOCore

/// Runs the jobs of tasks that prefer this executor on one event loop.
///
/// A task created with `executorPreference` never leaves the loop, so resuming it costs no hop: jobs that are enqueued
/// from the loop itself go in a plain array that one scheduled closure drains in the same turn. It is a task executor
/// and not an actor's serial executor, because in Swift 6.3 a `nonisolated(nonsending)` callee may leave the latter.
package final class LoopExecutor: TaskExecutor, @unchecked Sendable {  // never: unsafe because all is done on its loop
    package let loop: any EventLoop
    private var queue: [UnownedJob] = []
    private var isScheduled = false

    package init(_ loop: any EventLoop) {
        self.loop = loop
        queue.reserveCapacity(256)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard loop.inEventLoop else {
            loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            return
        }
        queue.append(job)
        guard !isScheduled else { return }
        isScheduled = true
        loop.execute { self.drain() }
    }

    /// Does `work`, which resumes tasks, and runs those tasks at once instead of in a later turn of the loop. Only on the
    /// loop, and only where a NIO handler may call back.
    func inline(_ work: () -> Void) {
        guard !isScheduled else { return work() }
        isScheduled = true
        work()
        drain()
    }

    private func drain() {
        var next = 0
        while next < queue.count {
            queue[next].runSynchronously(on: asUnownedTaskExecutor())
            next += 1
        }
        queue.removeAll(keepingCapacity: true)
        isScheduled = false
    }
}
