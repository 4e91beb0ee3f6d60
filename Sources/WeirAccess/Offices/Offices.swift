/// The rooms' second door: everything that admins, users and the command line may ask for. Made anew for each configuration.
package struct Offices: Sendable {
    package let desk: Desk

    package init(_ desk: Desk) { self.desk = desk }
}
