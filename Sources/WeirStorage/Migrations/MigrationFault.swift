/// Why a store cannot be used with this binary.
package enum MigrationFault: Error, Sendable, Hashable {
    /// The store has a step (its highest is told) that this binary does not know.
    case newer(store: Int, binary: Int)
    /// A step was carried out in another form than this binary has it.
    case altered(number: Int, name: String)
    /// A step is missing below one that was carried out.
    case torn(number: Int, name: String)

    /// What is wrong, and what to do.
    package var sentence: String {
        switch self {
        case .newer(let store, let binary):
            "The store has schema \(store), this binary knows schemas up to \(binary): use the release that made the store, "
                + "or a later one."
        case .altered(let number, let name):
            "Step \(number) of the schema (\(name)) was carried out in another form than this binary has it: use the release "
                + "that made the store, or restore the store from a backup."
        case .torn(let number, let name):
            "Step \(number) of the schema (\(name)) was never carried out, but a later one was: restore the store from a backup."
        }
    }
}
