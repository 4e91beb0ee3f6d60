import HTTPTypes
import WeirAccess
import WeirCore

/// Teams and their members: `/team/*`.
enum TeamRoutes {
    static func add(to table: inout RouteTable) {
        addTeams(to: &table)
        addMembers(to: &table)
        addSettings(to: &table)
    }

    private static func addTeams(to table: inout RouteTable) {
        table.manage(.post, "/team/new", .writers, body: TeamForms.new, "Make a team.") {
            offices, request throws(OfficeFault) in try await offices.teams.new(request)
        }
        table.manage(
            .get, "/team/info", .everybody, query: TeamForms.info, "A team with its members and keys."
        ) { offices, request throws(OfficeFault) in try await offices.teams.info(request) }
        table.manage(.get, "/team/list", .readers, query: TeamForms.list, "Teams, at most 1000.") {
            offices, request throws(OfficeFault) in try await offices.teams.list(request)
        }
        table.manage(.get, "/v2/team/list", .readers, query: TeamForms.listV2, "A page of teams.") {
            offices, request throws(OfficeFault) in try await offices.teams.listV2(request)
        }
        table.manage(.get, "/team/available", .readers, "Teams that everybody may know of.") {
            offices, request throws(OfficeFault) in try await offices.teams.available(request)
        }
        table.manage(.post, "/team/update", .writers, body: TeamForms.update, "Change a team.") {
            offices, request throws(OfficeFault) in try await offices.teams.update(request)
        }
        table.manage(.patch, "/team/{team_id}", .writers, body: TeamForms.patch, "Change a team.") {
            offices, request throws(OfficeFault) in try await offices.teams.update(request)
        }
        table.manage(
            .post, "/team/delete", .writers, body: TeamForms.delete, "Delete teams with their keys and memberships."
        ) { offices, request throws(OfficeFault) in try await offices.teams.delete(request) }
        table.manage(.post, "/team/block", .writers, body: TeamForms.id, "Refuse requests with a team's keys.") {
            offices, request throws(OfficeFault) in try await offices.teams.block(request)
        }
        table.manage(.post, "/team/unblock", .writers, body: TeamForms.id, "Let them in again.") {
            offices, request throws(OfficeFault) in try await offices.teams.unblock(request)
        }
    }

    private static func addMembers(to table: inout RouteTable) {
        table.manage(.post, "/team/member_add", .writers, body: TeamForms.memberAdd, "Add members to a team.") {
            offices, request throws(OfficeFault) in try await offices.teams.addMembers(request)
        }
        table.manage(
            .post, "/team/bulk_member_add", .writers, body: TeamForms.bulkMemberAdd, "Add many members to a team."
        ) { offices, request throws(OfficeFault) in try await offices.teams.addMembersInBulk(request) }
        table.manage(
            .post, "/team/member_update", .writers, body: TeamForms.memberUpdate, "Change a member's role and limits."
        ) { offices, request throws(OfficeFault) in try await offices.teams.updateMember(request) }
        table.manage(
            .post, "/team/member_delete", .writers, body: TeamForms.memberDelete,
            "Take a member out of a team, with his keys of it."
        ) { offices, request throws(OfficeFault) in try await offices.teams.deleteMember(request) }
        table.manage(
            .get, "/team/{team_id}/members/me", .readers, "What the requester is and may spend in a team."
        ) { offices, request throws(OfficeFault) in try await offices.teams.me(request) }
    }

    private static func addSettings(to table: inout RouteTable) {
        table.manage(
            .post, "/team/model/add", .writers, body: TeamForms.models, "Add models that a team may call."
        ) { offices, request throws(OfficeFault) in try await offices.teams.addModels(request) }
        table.manage(
            .post, "/team/model/delete", .writers, body: TeamForms.models, "Take models from those a team may call."
        ) { offices, request throws(OfficeFault) in try await offices.teams.deleteModels(request) }
        table.manage(
            .get, "/team/permissions_list", .readers, query: TeamForms.id, "What a team's members may do with its keys."
        ) { offices, request throws(OfficeFault) in try await offices.teams.permissions(request) }
        table.manage(
            .post, "/team/permissions_update", .writers, body: TeamForms.permissions,
            "Set what a team's members may do with its keys."
        ) { offices, request throws(OfficeFault) in try await offices.teams.setPermissions(request) }
    }
}
