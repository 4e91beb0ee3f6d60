import HTTPTypes
package import WeirAccess

/// A route as its table tells of it: what tests, and whoever wants to know what there is, go by.
package struct ListedRoute: Sendable {
    /// In capital letters.
    package let method: String
    /// With `{name}` for a part and `**` for the rest.
    package let path: String
    package let access: RouteTable.Access
    package let body: Form
    package let query: Form
}

extension RouteTable {
    /// All routes that are no model calls, in the order in which they were added.
    package var listed: [ListedRoute] {
        routes.map {
            ListedRoute(
                method: $0.method.rawValue, path: $0.path, access: $0.access, body: $0.body, query: $0.query)
        }
    }
}
