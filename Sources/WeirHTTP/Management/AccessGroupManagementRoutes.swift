import HTTPTypes
import WeirAccess
import WeirCore

/// Access groups: of what keys and teams may use, and of deployments.
enum AccessGroupManagementRoutes {
    static func add(to table: inout ManagementTable) {
        for path in ["/v1/access_group", "/v1/unified_access_group"] { addGroups(path, &table) }
        addModelGroups(&table)
    }

    private static func addGroups(_ path: String, _ table: inout ManagementTable) {
        table.manage(.get, path, .overseers, "The access groups.", \.accessGroups, AccessGroupOffice.list)
        table.manage(
            .post, path, .proxyAdmin, body: AccessGroupForms.create, "Make an access group.", \.accessGroups,
            AccessGroupOffice.create)
        let one = path + "/{access_group_id}"
        table.manage(.get, one, .overseers, "One access group.", \.accessGroups, AccessGroupOffice.info)
        table.manage(
            .put, one, .proxyAdmin, body: AccessGroupForms.update, "Change an access group.", \.accessGroups,
            AccessGroupOffice.update)
        table.manage(
            .delete, one, .proxyAdmin, "Delete an access group; its keys and teams lose it.", \.accessGroups,
            AccessGroupOffice.delete)
    }

    private static func addModelGroups(_ table: inout ManagementTable) {
        table.manage(
            .post, "/access_group/new", .proxyAdmin, body: AccessGroupForms.newModels,
            "Put deployments into a new group.", \.accessGroups, AccessGroupOffice.newModels)
        table.manage(
            .get, "/access_group/list", .overseers, "The groups of deployments.", \.accessGroups,
            AccessGroupOffice.listModels)
        table.manage(
            .get, "/access_group/{access_group}/info", .overseers, "One group of deployments.", \.accessGroups,
            AccessGroupOffice.infoModels)
        table.manage(
            .put, "/access_group/{access_group}/update", .proxyAdmin, body: AccessGroupForms.updateModels,
            "Say which deployments are in a group.", \.accessGroups, AccessGroupOffice.updateModels)
        table.manage(
            .delete, "/access_group/{access_group}/delete", .proxyAdmin, "Take all deployments out of a group.",
            \.accessGroups, AccessGroupOffice.deleteModels)
    }
}
