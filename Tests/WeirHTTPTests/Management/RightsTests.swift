import Testing
import WeirAccess
import WeirCore
import WeirHTTP

/// Who may use which route: every role at every route of the table.
struct RightsTests {
    /// All that nobody needs a key for. A route that is added here is open to the whole world.
    private static let open: Set<String> = [
        "GET /", "GET /health", "GET /health/liveliness", "GET /health/liveness", "GET /health/readiness",
        "GET /metrics", "GET /openapi.json",
    ]

    /// Refusals that the door or the table make, before any office is asked.
    private static let ofTheTable: Set<FaultCode> = [
        .managementForbidden, .keyMissing, .keyUnknown, .keyMalformed, .keyBlocked, .keyExpired, .keyRouteForbidden,
        .routeForbidden,
    ]

    @Test func `the open routes are these and no others`() {
        #expect(Set(FrontDesk.routes.filter { $0.access == .open }.map(\.description)) == Self.open)
    }

    @Test func `no route stands twice in the table`() {
        let names = FrontDesk.routes.map(\.description)
        let doubled = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys
        #expect(doubled.isEmpty)
    }

    @Test(arguments: Role.allCases)
    func `a role is let in where the table says so and nowhere else`(role: Role) async throws {
        try await Self.check(role, at: FrontDesk())
    }

    /// Asks every route as somebody with this role.
    static func check(_ role: Role, at desk: FrontDesk) async throws {
        for route in desk.routes {
            let before = try await desk.changes()
            let heard = try await desk.ask(route, route.soundBody, as: .somebody(role))
            if route.access.admits(role) {
                #expect(heard.fault.map { !Self.ofTheTable.contains($0) } ?? true, "\(role.rawValue) at \(route)")
                #expect(heard.isSound, "\(role.rawValue) at \(route): \(heard)")
            } else {
                #expect(heard.fault == .managementForbidden, "\(role.rawValue) at \(route): \(heard)")
                #expect(try await desk.changes() == before, "\(role.rawValue) at \(route) changed something")
            }
        }
    }

    @Test(arguments: [
        FaultCode.keyMissing, .keyUnknown, .keyMalformed, .keyBlocked, .keyExpired, .teamBlocked, .userBlocked,
        .tokenRefused, .addressForbidden,
    ])
    func `who is not let in by the door gets nowhere but to the open routes`(code: FaultCode) async throws {
        let desk = FrontDesk()
        let before = try await desk.changes()
        for route in desk.routes where !Self.open.contains(route.description) {
            let heard = try await desk.ask(route, route.soundBody, as: .failure(GatewayFault(code, "no")))
            #expect(heard.fault == code, "\(route): \(heard)")
        }
        #expect(try await desk.changes() == before)
    }

    @Test(arguments: [Role.proxyAdminViewer, .internalUserViewer, .unknown, .customer, .team])
    func `who may only look changes nothing`(role: Role) async throws {
        let desk = FrontDesk()
        let before = try await desk.changes()
        for route in desk.routes {
            for body in [route.soundBody, JSONObject()] {
                _ = try await desk.ask(route, body, as: .somebody(role))
                #expect(try await desk.changes() == before, "\(role.rawValue) at \(route)")
            }
        }
    }

    @Test func `a key that may use some routes only is kept to them`() async throws {
        let desk = FrontDesk()
        var grant = GrantDraft()
        grant.role = .proxyAdmin
        grant.userID = "somebody"
        grant.routes = RouteRights(["/v1/models"])
        let caller = Result<Principal, GatewayFault>.success(
            Principal(kind: .key, keyHash: "abc", alias: "", index: 2, grant: grant))
        for route in desk.routes where route.access != .open {
            let heard = try await desk.ask(route, route.soundBody, as: caller)
            if route.path == "/v1/models" {
                #expect(heard.status == 200)
            } else {
                #expect(heard.fault == .keyRouteForbidden, "\(route): \(heard)")
            }
        }
    }

    @Test func `nothing is managed without a store, and that is said`() async throws {
        let desk = FrontDesk(AbsentStore())
        for route in desk.routes {
            let heard = try await desk.ask(route, route.soundBody)
            #expect(heard.fault?.source ?? .client == .client, "\(route): \(heard)")
            #expect(heard.status != 500, "\(route): \(heard)")
            if heard.status == 503, !route.path.hasPrefix("/health") {
                #expect(heard.body.contains("no_db_connection"), "\(route): \(heard)")
            }
        }
    }
}

/// A database that does not answer.
private struct AbsentStore: Store {
    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result { throw StoreFault.unavailable("connection refused") }

    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result { throw StoreFault.unavailable("connection refused") }
}
