/// Why a simulation or an account cannot be made as asked, in a sentence that says what to do.
package struct SimulationFault: Error, CustomStringConvertible, Equatable {
    package let description: String

    package init(_ description: String) { self.description = description }
}
