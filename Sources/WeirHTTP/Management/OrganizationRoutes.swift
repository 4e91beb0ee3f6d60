import HTTPTypes
import WeirAccess
import WeirCore

/// Organisations and their members: `/organization/*`.
enum OrganizationRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(
            .post, "/organization/new", .proxyAdmin, body: OrganizationForms.new, "Make an organization."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.new(request) }
        table.manage(
            .patch, "/organization/update", .writers, body: OrganizationForms.update, "Change an organization."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.update(request) }
        table.manage(
            .patch, "/v2/organization/{organization_id}", .writers, body: OrganizationForms.patch,
            "Change an organization."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.update(request) }
        table.manage(
            .delete, "/organization/delete", .proxyAdmin, body: OrganizationForms.delete,
            "Delete organizations without teams."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.delete(request) }
        table.manage(
            .get, "/organization/list", .readers, query: OrganizationForms.list, "Organizations, at most 100."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.list(request) }
        table.manage(
            .get, "/organization/info", .readers, query: OrganizationForms.info,
            "An organization with its budget, members and teams."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.info(request) }
        table.manage(
            .post, "/organization/info", .readers, body: OrganizationForms.infos, "The same for several."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.infos(request) }
        addMembers(to: &table)
    }

    private static func addMembers(to table: inout RouteTable) {
        table.manage(
            .post, "/organization/member_add", .writers, body: OrganizationForms.memberAdd,
            "Add members to an organization."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.addMembers(request) }
        table.manage(
            .patch, "/organization/member_update", .writers, body: OrganizationForms.memberUpdate,
            "Change a member's role and budget."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.updateMember(request) }
        table.manage(
            .delete, "/organization/member_delete", .writers, body: OrganizationForms.memberDelete,
            "Take a member out of an organization."
        ) { offices, request throws(OfficeFault) in try await offices.organizations.deleteMember(request) }
    }
}
