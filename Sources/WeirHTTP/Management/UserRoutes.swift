import HTTPTypes
import WeirAccess
import WeirCore

/// Users: `/user/*`.
enum UserRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(
            .post, "/user/new", .writers, body: UserForms.new, "Make a user, and a key for him.", \.users,
            UserOffice.new)
        table.manage(
            .get, "/user/info", .readers, query: UserForms.info, "A user with his keys and teams.", \.users,
            UserOffice.info)
        table.manage(
            .get, "/v2/user/info", .readers, query: UserForms.info, "A user alone.", \.users, UserOffice.infoV2)
        table.manage(
            .post, "/user/update", .writers, body: UserForms.update, "Change a user.", \.users, UserOffice.update)
        table.manage(
            .post, "/user/bulk_update", .proxyAdmin, body: UserForms.bulkUpdate, "Change many users, or all.", \.users,
            UserOffice.bulkUpdate)
        table.manage(.get, "/user/list", .readers, query: UserForms.list, "A page of users.", \.users, UserOffice.list)
        table.manage(
            .post, "/user/delete", .writers, body: UserForms.delete, "Delete users with their keys and memberships.",
            \.users, UserOffice.delete)
    }
}
