/// The whole management API, family by family.
enum ManagementRoutes {
    static func add(to table: inout RouteTable) {}
}
