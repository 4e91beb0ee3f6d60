import Hummingbird
import WeirAccess
import WeirCore

/// `/key/*`: virtual keys.
enum KeyRoutes {
    static func add(to table: inout ManagementTable) {
        addMaking(to: &table)
        addShowing(to: &table)
        addChanging(to: &table)
        addEnding(to: &table)
    }

    private static func addMaking(to table: inout ManagementTable) {
        table.manage(
            .post, "/key/generate", .writers, body: KeyForms.generate, "Make a virtual key.", \.keys, KeyOffice.generate
        )
        table.manage(
            .post, "/key/service-account/generate", .writers, body: KeyForms.generate,
            "Make a key of a team that belongs to no user.", \.keys, KeyOffice.generateForService)
    }

    private static func addShowing(to table: inout ManagementTable) {
        table.manage(
            .get, "/key/info", .everybody, query: KeyForms.infoQuery, "What a key is, or the caller's own.", \.keys,
            KeyOffice.info)
        table.manage(
            .post, "/v2/key/info", .readers, body: KeyForms.infoOfMany, "What several keys are.", \.keys,
            KeyOffice.infoOfMany)
        table.manage(
            .post, "/key/health", .everybody, "Whether the caller's own key can be used.", \.keys, KeyOffice.health)
        table.manage(.get, "/key/list", .readers, query: KeyForms.list, "A page of keys.", \.keys, KeyOffice.list)
        table.manage(
            .get, "/key/aliases", .readers, query: KeyForms.aliases, "A page of the names of keys.", \.keys,
            KeyOffice.aliases)
    }

    private static func addChanging(to table: inout ManagementTable) {
        table.manage(
            .post, "/key/update", .writers, body: KeyForms.update, "Change what a key may do.", \.keys, KeyOffice.update
        )
        table.manage(
            .post, "/key/bulk_update", .proxyAdmin, body: KeyForms.bulkUpdate, "Change many keys.", \.keys,
            KeyOffice.bulkUpdate)
        table.manage(
            .post, "/team/key/bulk_update", .writers, body: KeyForms.teamBulkUpdate,
            "Change many keys of a team alike.", \.keys, KeyOffice.bulkUpdateOfTeam)
        table.manage(
            .post, "/key/block", .writers, body: KeyForms.block, "Refuse a key's calls.", \.keys, KeyOffice.block)
        table.manage(
            .post, "/key/unblock", .writers, body: KeyForms.block, "Let a blocked key in again.", \.keys,
            KeyOffice.unblock)
        table.manage(
            .post, "/key/{key}/reset_spend", .writers, body: KeyForms.resetSpend, "Set what a key has spent.", \.keys,
            KeyOffice.resetSpend)
    }

    private static func addEnding(to table: inout ManagementTable) {
        table.manage(.post, "/key/delete", .writers, body: KeyForms.delete, "Delete keys.", \.keys, KeyOffice.delete)
        table.manage(
            .post, "/key/regenerate", .writers, body: KeyForms.regenerate, query: KeyForms.regenerateQuery,
            "Replace a key by a new one with the same settings.", \.keys, KeyOffice.regenerate)
        table.manage(
            .post, "/key/{key}/regenerate", .writers, body: KeyForms.regenerate,
            "Replace a key by a new one with the same settings.", \.keys, KeyOffice.regenerate)
    }
}
