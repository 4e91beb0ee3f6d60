import HTTPTypes
import WeirAccess
import WeirCore

/// Users: `/user/*`.
enum UserRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(.post, "/user/new", .writers, body: UserForms.new, "Make a user, and a key for him.") {
            offices, request throws(OfficeFault) in try await offices.users.new(request)
        }
        table.manage(.get, "/user/info", .readers, query: UserForms.info, "A user with his keys and teams.") {
            offices, request throws(OfficeFault) in try await offices.users.info(request)
        }
        table.manage(.get, "/v2/user/info", .readers, query: UserForms.info, "A user alone.") {
            offices, request throws(OfficeFault) in try await offices.users.infoV2(request)
        }
        table.manage(.post, "/user/update", .writers, body: UserForms.update, "Change a user.") {
            offices, request throws(OfficeFault) in try await offices.users.update(request)
        }
        table.manage(
            .post, "/user/bulk_update", .proxyAdmin, body: UserForms.bulkUpdate, "Change many users, or all."
        ) { offices, request throws(OfficeFault) in try await offices.users.bulkUpdate(request) }
        table.manage(.get, "/user/list", .readers, query: UserForms.list, "A page of users.") {
            offices, request throws(OfficeFault) in try await offices.users.list(request)
        }
        table.manage(
            .post, "/user/delete", .writers, body: UserForms.delete, "Delete users with their keys and memberships."
        ) { offices, request throws(OfficeFault) in try await offices.users.delete(request) }
    }
}
