/// What happened when, in steps of equal length.
package struct SimulationTimeline: Sendable, Equatable {
    /// The length of a step in nanoseconds.
    package let step: UInt64
    package let deployments: Int
    /// Steps so far.
    package private(set) var count = 0
    /// Attempts that began, by step and deployment.
    private var begun: [UInt32] = []
    /// Requests that were served to their end.
    private var served: [UInt32] = []
    /// Requests that ended without an answer, by step.
    private var unserved: [UInt32] = []

    init(step: UInt64, deployments: Int) {
        self.step = max(step, 1)
        self.deployments = deployments
    }

    package func begun(_ step: Int, _ deployment: Int) -> Int { Int(begun[step * deployments + deployment]) }
    package func served(_ step: Int, _ deployment: Int) -> Int { Int(served[step * deployments + deployment]) }
    package func unserved(_ step: Int) -> Int { Int(unserved[step]) }

    mutating func noteBegun(_ deployment: Int, at time: UInt64) { begun[place(time) * deployments + deployment] &+= 1 }
    mutating func noteServed(_ deployment: Int, at time: UInt64) {
        served[place(time) * deployments + deployment] &+= 1
    }
    mutating func noteUnserved(at time: UInt64) { unserved[place(time)] &+= 1 }

    private mutating func place(_ time: UInt64) -> Int {
        let place = Int(time / step)
        if place >= count { grow(to: place + 1) }
        return place
    }

    private mutating func grow(to size: Int) {
        begun.append(contentsOf: repeatElement(0, count: (size - count) * deployments))
        served.append(contentsOf: repeatElement(0, count: (size - count) * deployments))
        unserved.append(contentsOf: repeatElement(0, count: size - count))
        count = size
    }
}
