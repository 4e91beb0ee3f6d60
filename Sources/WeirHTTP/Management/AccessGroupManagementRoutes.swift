import HTTPTypes
import WeirAccess
import WeirCore

/// Access groups: of what keys and teams may use, and of deployments.
enum AccessGroupManagementRoutes {
    static func add(to table: inout RouteTable) {
        for path in ["/v1/access_group", "/v1/unified_access_group"] { addGroups(path, &table) }
        addModelGroups(&table)
    }

    private static func addGroups(_ path: String, _ table: inout RouteTable) {
        table.manage(.get, path, .overseers, "The access groups.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.list(request)
        }
        table.manage(.post, path, .proxyAdmin, body: AccessGroupForms.create, "Make an access group.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.create(request)
        }
        let one = path + "/{access_group_id}"
        table.manage(.get, one, .overseers, "One access group.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.info(request)
        }
        table.manage(.put, one, .proxyAdmin, body: AccessGroupForms.update, "Change an access group.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.update(request)
        }
        table.manage(.delete, one, .proxyAdmin, "Delete an access group; its keys and teams lose it.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.delete(request)
        }
    }

    private static func addModelGroups(_ table: inout RouteTable) {
        table.manage(
            .post, "/access_group/new", .proxyAdmin, body: AccessGroupForms.newModels,
            "Put deployments into a new group."
        ) { offices, request throws(OfficeFault) in try await offices.accessGroups.newModels(request) }
        table.manage(.get, "/access_group/list", .overseers, "The groups of deployments.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.listModels(request)
        }
        table.manage(.get, "/access_group/{access_group}/info", .overseers, "One group of deployments.") {
            offices, request throws(OfficeFault) in try await offices.accessGroups.infoModels(request)
        }
        table.manage(
            .put, "/access_group/{access_group}/update", .proxyAdmin, body: AccessGroupForms.updateModels,
            "Say which deployments are in a group."
        ) { offices, request throws(OfficeFault) in try await offices.accessGroups.updateModels(request) }
        table.manage(
            .delete, "/access_group/{access_group}/delete", .proxyAdmin, "Take all deployments out of a group."
        ) { offices, request throws(OfficeFault) in try await offices.accessGroups.deleteModels(request) }
    }
}
