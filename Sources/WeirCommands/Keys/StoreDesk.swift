import WeirAccess
import WeirCore

/// The store itself, as a proxy admin: what a running Weir would answer, without one.
struct StoreDesk: ManagementDesk {
    /// What one route does, with the forms that check what is given.
    struct Route: Sendable {
        let method: DeskMethod
        let path: String
        let body: Form
        let query: Form
        let act: @Sendable (Offices, OfficeRequest) async throws(OfficeFault) -> OfficeAnswer
    }

    private let store: OpenStore
    private let offices: Offices

    static func open(_ place: StorePlace, _ environment: [String: String]) async throws -> StoreDesk {
        let store = try OpenStore.open(place, environment)
        do { try await store.prepare() } catch {
            await store.close()
            throw error
        }
        return StoreDesk(store: store, offices: Offices(store.desk()))
    }

    func close() async { await store.close() }

    func call(
        _ method: DeskMethod, _ path: String, body: JSONObject, query: [(name: String, value: String)]
    ) async throws -> JSONValue {
        guard let route = StoreRoutes.all.first(where: { $0.method == method && $0.path == path }) else {
            throw CommandFault("\(path) is not done on the store itself; use a running Weir (--url)")
        }
        let filled = try route.body.read(body).values
        let given = JSONObject(query.map { .init($0.name, .string($0.value)) })
        var asked: [String: String] = [:]
        for member in try route.query.read(given).values.members {
            switch member.value {
            case .string(let text), .number(let text): asked[member.name] = text
            case .bool(let flag): asked[member.name] = flag ? "true" : "false"
            default: break
            }
        }
        let request = OfficeRequest(requester: OpenStore.requester, body: filled, query: asked)
        return try await route.act(offices, request).value
    }
}
