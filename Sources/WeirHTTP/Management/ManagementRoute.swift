import HTTPTypes
import Hummingbird
import NIOCore
import WeirAccess
import WeirCore
import WeirWire

extension RouteTable {
    /// A body of more bytes is refused with 413.
    static let managementBodyBytes = 2 << 20

    /// A route of the management API: closed but to `roles`, its body and query checked against its forms.
    mutating func manage(
        _ method: HTTPRequest.Method, _ path: String, _ roles: RoleSet, body: Form = .empty, query: Form = .empty,
        _ summary: String,
        _ answer: @escaping @Sendable (Offices, OfficeRequest) async throws(OfficeFault) -> OfficeAnswer
    ) {
        let house = house
        add(
            Route(method: method, path: path, access: .roles(roles), summary: summary, body: body, query: query) {
                request, context in
                do throws(OfficeFault) {
                    guard let offices = house.offices else { throw ManagementRequest.withoutStore }
                    let (asked, unknown) = try await ManagementRequest.read(request, context, body, query)
                    return ManagementReply.write(try await answer(offices, asked), unknown: unknown)
                } catch {
                    return ManagementReply.write(error, house.compat, context)
                }
            })
    }
}
