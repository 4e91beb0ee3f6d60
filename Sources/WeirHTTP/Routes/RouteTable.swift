import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import WeirAccess
package import WeirCore
import WeirWire

/// Every route that is no model call, each with who may use it. What is not in this table does not exist; what is in it
/// is closed unless it says `.open`.
package struct RouteTable: Sendable {
    /// Who may use a route.
    package enum Access: Sendable, Hashable {
        case open
        /// Everybody with a key.
        case key
        case roles(RoleSet)

        /// Whether somebody with this role may; what he may see or change of it is the office's part.
        package func admits(_ role: Role) -> Bool {
            switch self {
            case .open, .key: true
            case .roles(let roles): roles.contains(role)
            }
        }
    }

    struct Route: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let access: Access
        let summary: String
        var body = Form.empty
        var query = Form.empty
        let answer: @Sendable (Request, DoorContext) async throws -> Response
    }

    private(set) var routes: [Route] = []
    private let house: any House

    /// All routes of the house.
    package init(_ house: any House) {
        self.house = house
        PageRoutes.add(to: &self, house)
        HealthRoutes.add(to: &self, house)
        ModelRoutes.add(to: &self, house)
        MetricsRoute.add(to: &self, house)
        ExplainRoute.add(to: &self, house)
        for route in ManagementTable().routes { manage(route) }
        let described = routes
        get("/openapi.json", .open, "This description.") { _, _ in
            .json(OpenAPIDocument.write(described, version: house.version))
        }
    }

    /// The routes of the port that is for probes alone.
    package init(healthOf house: any House) {
        self.house = house
        HealthRoutes.add(to: &self, house)
    }

    /// The routes of the port that is for Prometheus alone.
    package init(metricsOf house: any House) {
        self.house = house
        MetricsRoute.add(to: &self, house, isOpen: true)
    }

    mutating func get(
        _ path: String, _ access: Access, _ summary: String,
        _ answer: @escaping @Sendable (Request, DoorContext) async throws -> Response
    ) {
        routes.append(Route(method: .get, path: path, access: access, summary: summary, answer: answer))
    }

    mutating func post(
        _ path: String, _ access: Access, _ summary: String,
        _ answer: @escaping @Sendable (Request, DoorContext) async throws -> Response
    ) {
        routes.append(Route(method: .post, path: path, access: access, summary: summary, answer: answer))
    }

    /// A route of the management API, behind HTTP.
    private mutating func manage(_ route: ManagementTable.Route) {
        let house = house
        routes.append(
            Route(
                method: route.method, path: route.path, access: .roles(route.roles), summary: route.summary,
                body: route.body, query: route.query
            ) { request, context in
                do throws(OfficeFault) {
                    guard let offices = house.offices else { throw ManagementRequest.withoutStore }
                    let (asked, unknown) = try await ManagementRequest.read(request, context, route.body, route.query)
                    return ManagementReply.write(try await route.act(offices, asked), unknown: unknown)
                } catch {
                    return ManagementReply.write(error, house.compat, context)
                }
            })
    }

    /// The router with these routes, ready to answer.
    package func responder(logger: Logger) -> FrameworkResponder {
        let router = Router(context: DoorContext.self)
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try Self.admit(context, to: route)
                return try await route.answer(request, context)
            }
        }
        let plain = Set(routes.map(\.path).filter { !$0.contains("{") && !$0.contains("*") })
        return FrameworkResponder(
            router.buildResponder(), knownPaths: plain, methods: AllowedMethods(routes), logger: logger)
    }

    private static func admit(_ context: DoorContext, to route: Route) throws {
        if route.access == .open { return }
        let principal = try context.access.get()
        try WeirAccess.Access.checkRoute(route.path, principal)
        guard route.access.admits(principal.role) else {
            throw GatewayFault(
                .managementForbidden,
                "Authentication Error, Only proxy admin can be used to generate, delete, update info for new "
                    + "keys/users/teams. Route=\(route.path). Your role=\(principal.role.rawValue). "
                    + "Your user_id=\(principal.grant?.userID == nil ? "None" : "*******")")
        }
    }
}

extension Response {
    static func json(_ body: Bytes, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
    }
}
