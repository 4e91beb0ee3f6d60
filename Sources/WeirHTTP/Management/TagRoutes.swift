import HTTPTypes
import WeirAccess
import WeirCore

/// Tags: `/tag/*`.
enum TagRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(.post, "/tag/new", .proxyAdmin, body: TagForms.settings, "Make a tag.", \.tags, TagOffice.new)
        table.manage(
            .post, "/tag/update", .proxyAdmin, body: TagForms.settings, "Change a tag.", \.tags, TagOffice.update)
        table.manage(
            .post, "/tag/info", .overseers, body: TagForms.info, "Tags by their names.", \.tags, TagOffice.info)
        table.manage(.get, "/tag/list", .overseers, query: TagForms.list, "Tags, at most 1000.", \.tags, TagOffice.list)
        table.manage(
            .post, "/tag/delete", .proxyAdmin, body: TagForms.delete, "Delete a tag.", \.tags, TagOffice.delete)
    }
}
