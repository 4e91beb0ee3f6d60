import HTTPTypes
import WeirAccess
import WeirCore

/// Organisations and their members: `/organization/*`.
enum OrganizationRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(
            .post, "/organization/new", .proxyAdmin, body: OrganizationForms.new, "Make an organization.",
            \.organizations, OrganizationOffice.new)
        table.manage(
            .patch, "/organization/update", .writers, body: OrganizationForms.update, "Change an organization.",
            \.organizations, OrganizationOffice.update)
        table.manage(
            .patch, "/v2/organization/{organization_id}", .writers, body: OrganizationForms.patch,
            "Change an organization.", \.organizations, OrganizationOffice.update)
        table.manage(
            .delete, "/organization/delete", .proxyAdmin, body: OrganizationForms.delete,
            "Delete organizations without teams.", \.organizations, OrganizationOffice.delete)
        table.manage(
            .get, "/organization/list", .readers, query: OrganizationForms.list, "Organizations, at most 100.",
            \.organizations, OrganizationOffice.list)
        table.manage(
            .get, "/organization/info", .readers, query: OrganizationForms.info,
            "An organization with its budget, members and teams.", \.organizations, OrganizationOffice.info)
        table.manage(
            .post, "/organization/info", .readers, body: OrganizationForms.infos, "The same for several.",
            \.organizations, OrganizationOffice.infos)
        addMembers(to: &table)
    }

    private static func addMembers(to table: inout ManagementTable) {
        table.manage(
            .post, "/organization/member_add", .writers, body: OrganizationForms.memberAdd,
            "Add members to an organization.", \.organizations, OrganizationOffice.addMembers)
        table.manage(
            .patch, "/organization/member_update", .writers, body: OrganizationForms.memberUpdate,
            "Change a member's role and budget.", \.organizations, OrganizationOffice.updateMember)
        table.manage(
            .delete, "/organization/member_delete", .writers, body: OrganizationForms.memberDelete,
            "Take a member out of an organization.", \.organizations, OrganizationOffice.deleteMember)
    }
}
