import Hummingbird
import WeirAccess
import WeirCore

/// `/key/*`: virtual keys.
enum KeyRoutes {
    static func add(to table: inout RouteTable) {
        addMaking(to: &table)
        addShowing(to: &table)
        addChanging(to: &table)
        addEnding(to: &table)
    }

    private static func addMaking(to table: inout RouteTable) {
        table.manage(.post, "/key/generate", .writers, body: KeyForms.generate, "Make a virtual key.") {
            offices, request throws(OfficeFault) in try await offices.keys.generate(request)
        }
        table.manage(
            .post, "/key/service-account/generate", .writers, body: KeyForms.generate,
            "Make a key of a team that belongs to no user."
        ) { offices, request throws(OfficeFault) in try await offices.keys.generateForService(request) }
    }

    private static func addShowing(to table: inout RouteTable) {
        table.manage(
            .get, "/key/info", .everybody, query: KeyForms.infoQuery, "What a key is, or the caller's own."
        ) { offices, request throws(OfficeFault) in try await offices.keys.info(request) }
        table.manage(
            .post, "/v2/key/info", .readers, body: KeyForms.infoOfMany, "What several keys are."
        ) { offices, request throws(OfficeFault) in try await offices.keys.infoOfMany(request) }
        table.manage(.post, "/key/health", .everybody, "Whether the caller's own key can be used.") {
            offices, request throws(OfficeFault) in try await offices.keys.health(request)
        }
        table.manage(.get, "/key/list", .readers, query: KeyForms.list, "A page of keys.") {
            offices, request throws(OfficeFault) in try await offices.keys.list(request)
        }
        table.manage(.get, "/key/aliases", .readers, query: KeyForms.aliases, "A page of the names of keys.") {
            offices, request throws(OfficeFault) in try await offices.keys.aliases(request)
        }
    }

    private static func addChanging(to table: inout RouteTable) {
        table.manage(.post, "/key/update", .writers, body: KeyForms.update, "Change what a key may do.") {
            offices, request throws(OfficeFault) in try await offices.keys.update(request)
        }
        table.manage(.post, "/key/bulk_update", .proxyAdmin, body: KeyForms.bulkUpdate, "Change many keys.") {
            offices, request throws(OfficeFault) in try await offices.keys.bulkUpdate(request)
        }
        table.manage(
            .post, "/team/key/bulk_update", .writers, body: KeyForms.teamBulkUpdate, "Change many keys of a team alike."
        ) { offices, request throws(OfficeFault) in try await offices.keys.bulkUpdateOfTeam(request) }
        table.manage(.post, "/key/block", .writers, body: KeyForms.block, "Refuse a key's calls.") {
            offices, request throws(OfficeFault) in try await offices.keys.block(request)
        }
        table.manage(.post, "/key/unblock", .writers, body: KeyForms.block, "Let a blocked key in again.") {
            offices, request throws(OfficeFault) in try await offices.keys.unblock(request)
        }
        table.manage(
            .post, "/key/{key}/reset_spend", .writers, body: KeyForms.resetSpend, "Set what a key has spent."
        ) { offices, request throws(OfficeFault) in try await offices.keys.resetSpend(request) }
    }

    private static func addEnding(to table: inout RouteTable) {
        table.manage(.post, "/key/delete", .writers, body: KeyForms.delete, "Delete keys.") {
            offices, request throws(OfficeFault) in try await offices.keys.delete(request)
        }
        table.manage(
            .post, "/key/regenerate", .writers, body: KeyForms.regenerate, query: KeyForms.regenerateQuery,
            "Replace a key by a new one with the same settings."
        ) { offices, request throws(OfficeFault) in try await offices.keys.regenerate(request) }
        table.manage(
            .post, "/key/{key}/regenerate", .writers, body: KeyForms.regenerate,
            "Replace a key by a new one with the same settings."
        ) { offices, request throws(OfficeFault) in try await offices.keys.regenerate(request) }
    }
}
