import NIOCore

/// A value that lives on one loop, held from elsewhere. Touched only there.
package struct OnLoop<Value>: Sendable {
    package let floor: LoopFloor
    private let bound: NIOLoopBound<Value>

    /// Must be made on the floor's loop.
    package init(_ value: Value, on floor: LoopFloor) {
        self.floor = floor
        bound = NIOLoopBound(value, eventLoop: floor.loop)
    }

    /// Does `work` with the value on its loop, and waits for what it gives.
    package func run<Result: Sendable>(_ work: @escaping @Sendable (Value) -> Result) async -> Result {
        let bound = bound
        return await floor.run { work(bound.value) }
    }

    /// Does `work` with the value. Only on the loop.
    package func now(_ work: (Value) -> Void) { work(bound.value) }

    /// Runs a task with the value on its loop, and waits for its result.
    package func task<Result: Sendable>(_ work: @escaping @Sendable (Value) async -> Result) async -> Result {
        let bound = bound
        return await floor.task { await work(bound.value) }
    }
}
