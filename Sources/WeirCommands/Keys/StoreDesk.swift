import WeirAccess
import WeirCore
import WeirServer

/// The store itself, as a proxy admin: what a running Weir would answer, without one.
struct StoreDesk: ManagementDesk {
    private let office: BackOffice

    static func open(_ place: StorePlace, _ environment: [String: String]) async throws -> StoreDesk {
        let office = try place.office(environment)
        do { try await office.house.prepare() } catch {
            await office.close()
            throw error
        }
        return StoreDesk(office: office)
    }

    func close() async { await office.close() }

    func call(
        _ method: DeskMethod, _ path: String, body: JSONObject, query: [(name: String, value: String)]
    ) async throws -> JSONValue {
        let asked = JSONObject(query.map { .init($0.name, .string($0.value)) })
        guard let answer = try await office.answer(method.rawValue, path, body: body, query: asked) else {
            throw CommandFault("\(path) is not done on the store itself; use a running Weir (--url)")
        }
        return answer
    }
}
