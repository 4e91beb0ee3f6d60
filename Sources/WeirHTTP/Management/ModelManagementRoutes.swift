import HTTPTypes
import WeirAccess
import WeirCore

/// Deployments: added, changed, blocked, deleted, looked at.
enum ModelManagementRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(
            .post, "/model/new", .writers, body: ModelForms.new, "Add a deployment.", \.models, ModelOffice.new)
        table.manage(
            .post, "/model/update", .writers, body: ModelForms.update, "Change a deployment.", \.models,
            ModelOffice.update)
        table.manage(
            .patch, "/model/{model_id}/update", .writers, body: ModelForms.patch, "Change a deployment by its id.",
            \.models, ModelOffice.patch)
        table.manage(
            .post, "/model/delete", .writers, body: ModelForms.delete, "Delete a deployment.", \.models,
            ModelOffice.delete)
        table.manage(
            .post, "/model/block", .writers, body: ModelForms.block, "Keep a deployment, but do not serve it.",
            \.models, ModelOffice.block)
        table.manage(
            .post, "/model/unblock", .writers, body: ModelForms.block, "Serve a blocked deployment again.", \.models,
            ModelOffice.unblock)
        for path in ["/model/info", "/v1/model/info"] {
            table.manage(
                .get, path, .everybody, query: ModelForms.info, "The deployments, with prices and abilities.", \.models,
                ModelOffice.info)
        }
        table.manage(
            .get, "/v2/model/info", .everybody, query: ModelForms.page, "The deployments, page by page.", \.models,
            ModelOffice.page)
        for path in ["/model_group/info", "/v1/model_group/info"] {
            table.manage(
                .get, path, .everybody, query: ModelForms.group, "What all deployments of a name amount to.", \.models,
                ModelOffice.groups)
        }
    }
}
