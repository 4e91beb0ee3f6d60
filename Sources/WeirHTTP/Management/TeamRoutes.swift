import HTTPTypes
import WeirAccess
import WeirCore

/// Teams and their members: `/team/*`.
enum TeamRoutes {
    static func add(to table: inout ManagementTable) {
        addTeams(to: &table)
        addMembers(to: &table)
        addSettings(to: &table)
    }

    private static func addTeams(to table: inout ManagementTable) {
        table.manage(.post, "/team/new", .writers, body: TeamForms.new, "Make a team.", \.teams, TeamOffice.new)
        table.manage(
            .get, "/team/info", .everybody, query: TeamForms.info, "A team with its members and keys.", \.teams,
            TeamOffice.info)
        table.manage(
            .get, "/team/list", .readers, query: TeamForms.list, "Teams, at most 1000.", \.teams, TeamOffice.list)
        table.manage(
            .get, "/v2/team/list", .readers, query: TeamForms.listV2, "A page of teams.", \.teams, TeamOffice.listV2)
        table.manage(
            .get, "/team/available", .readers, "Teams that everybody may know of.", \.teams, TeamOffice.available)
        table.manage(
            .post, "/team/update", .writers, body: TeamForms.update, "Change a team.", \.teams, TeamOffice.update)
        table.manage(
            .patch, "/team/{team_id}", .writers, body: TeamForms.patch, "Change a team.", \.teams, TeamOffice.update)
        table.manage(
            .post, "/team/delete", .writers, body: TeamForms.delete, "Delete teams with their keys and memberships.",
            \.teams, TeamOffice.delete)
        table.manage(
            .post, "/team/block", .writers, body: TeamForms.id, "Refuse requests with a team's keys.", \.teams,
            TeamOffice.block)
        table.manage(
            .post, "/team/unblock", .writers, body: TeamForms.id, "Let them in again.", \.teams, TeamOffice.unblock)
    }

    private static func addMembers(to table: inout ManagementTable) {
        table.manage(
            .post, "/team/member_add", .writers, body: TeamForms.memberAdd, "Add members to a team.", \.teams,
            TeamOffice.addMembers)
        table.manage(
            .post, "/team/bulk_member_add", .writers, body: TeamForms.bulkMemberAdd, "Add many members to a team.",
            \.teams, TeamOffice.addMembersInBulk)
        table.manage(
            .post, "/team/member_update", .writers, body: TeamForms.memberUpdate, "Change a member's role and limits.",
            \.teams, TeamOffice.updateMember)
        table.manage(
            .post, "/team/member_delete", .writers, body: TeamForms.memberDelete,
            "Take a member out of a team, with his keys of it.", \.teams, TeamOffice.deleteMember)
        table.manage(
            .post, "/team/{team_id}/member/{user_id}/reset_spend", .writers, body: KeyForms.resetSpend,
            "Set what a member has spent in a team.", \.teams, TeamOffice.resetMemberSpend)
        table.manage(
            .post, "/team/{team_id}/member/{user_id}/reset_budget", .writers,
            "Let a member have spent nothing in a team.", \.teams, TeamOffice.resetMemberBudget)
        table.manage(
            .get, "/team/{team_id}/members/me", .readers, "What the requester is and may spend in a team.", \.teams,
            TeamOffice.me)
    }

    private static func addSettings(to table: inout ManagementTable) {
        table.manage(
            .post, "/team/model/add", .writers, body: TeamForms.models, "Add models that a team may call.", \.teams,
            TeamOffice.addModels)
        table.manage(
            .post, "/team/model/delete", .writers, body: TeamForms.models, "Take models from those a team may call.",
            \.teams, TeamOffice.deleteModels)
        table.manage(
            .get, "/team/permissions_list", .readers, query: TeamForms.id,
            "What a team's members may do with its keys.", \.teams, TeamOffice.permissions)
        table.manage(
            .post, "/team/permissions_update", .writers, body: TeamForms.permissions,
            "Set what a team's members may do with its keys.", \.teams, TeamOffice.setPermissions)
        table.manage(
            .post, "/team/permissions_bulk_update", .proxyAdmin, body: TeamForms.permissionsOfMany,
            "Let the members of many teams do more with their keys.", \.teams, TeamOffice.addPermissions)
    }
}
