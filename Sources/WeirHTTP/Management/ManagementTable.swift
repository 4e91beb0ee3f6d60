import HTTPTypes
package import WeirAccess
package import WeirCore
import WeirWire

/// Every route of the management API: who may use it, the forms that its body and its query are checked against, and the
/// office that answers. The door serves it over HTTP; the command line asks it directly.
package struct ManagementTable: Sendable {
    struct Route: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let roles: RoleSet
        let summary: String
        let body: Form
        let query: Form
        let act: @Sendable (Offices, OfficeRequest) async throws(OfficeFault) -> OfficeAnswer
    }

    private(set) var routes: [Route] = []

    package init() { ManagementRoutes.add(to: &self) }

    /// A row: closed but to `roles`.
    mutating func manage<Office>(
        _ method: HTTPRequest.Method, _ path: String, _ roles: RoleSet, body: Form = .empty, query: Form = .empty,
        _ summary: String, _ office: any KeyPath<Offices, Office> & Sendable,
        _ act: @escaping @Sendable (Office) -> (OfficeRequest) async throws(OfficeFault) -> OfficeAnswer
    ) {
        routes.append(
            Route(method: method, path: path, roles: roles, summary: summary, body: body, query: query) {
                offices, request throws(OfficeFault) in try await act(offices[keyPath: office])(request)
            })
    }

    /// What the route without parameters at `path` answers; nil when there is none. Throws what its forms and its office
    /// refuse.
    package func answer(
        _ method: String, _ path: String, body: JSONObject, query: JSONObject, by requester: Requester,
        at offices: Offices
    ) async throws(OfficeFault) -> OfficeAnswer? {
        guard let route = routes.first(where: { $0.method.rawValue == method && $0.path == path }) else { return nil }
        let request = OfficeRequest(
            requester: requester, body: try route.body.read(body).values, query: try route.query.readQuery(query).values
        )
        return try await route.act(offices, request)
    }
}

extension Form {
    /// The same as `read` for a query, whose values are texts.
    func readQuery(_ query: JSONObject) throws(OfficeFault) -> (values: [String: String], unknown: [String]) {
        let filled = try read(query)
        var values: [String: String] = [:]
        for member in filled.values.members {
            switch member.value {
            case .string(let text), .number(let text): values[member.name] = text
            case .bool(let flag): values[member.name] = flag ? "true" : "false"
            default: break
            }
        }
        return (values, filled.unknown)
    }
}
