import HTTPTypes
import WeirAccess
import WeirCore

/// Tags: `/tag/*`.
enum TagRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(.post, "/tag/new", .proxyAdmin, body: TagForms.settings, "Make a tag.") {
            offices, request throws(OfficeFault) in try await offices.tags.new(request)
        }
        table.manage(.post, "/tag/update", .proxyAdmin, body: TagForms.settings, "Change a tag.") {
            offices, request throws(OfficeFault) in try await offices.tags.update(request)
        }
        table.manage(.post, "/tag/info", .overseers, body: TagForms.info, "Tags by their names.") {
            offices, request throws(OfficeFault) in try await offices.tags.info(request)
        }
        table.manage(.get, "/tag/list", .overseers, query: TagForms.list, "Tags, at most 1000.") {
            offices, request throws(OfficeFault) in try await offices.tags.list(request)
        }
        table.manage(.post, "/tag/delete", .proxyAdmin, body: TagForms.delete, "Delete a tag.") {
            offices, request throws(OfficeFault) in try await offices.tags.delete(request)
        }
    }
}
