import Dispatch

/// Work that would hold up a loop: done on a thread of its own.
enum Blocking {
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withUnsafeContinuation { done in
            DispatchQueue.global().async { done.resume(returning: work()) }
        }
    }
}
