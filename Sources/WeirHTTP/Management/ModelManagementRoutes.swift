import HTTPTypes
import WeirAccess
import WeirCore

/// Deployments: added, changed, blocked, deleted, looked at.
enum ModelManagementRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(.post, "/model/new", .writers, body: ModelForms.new, "Add a deployment.") {
            offices, request throws(OfficeFault) in try await offices.models.new(request)
        }
        table.manage(.post, "/model/update", .writers, body: ModelForms.update, "Change a deployment.") {
            offices, request throws(OfficeFault) in try await offices.models.update(request)
        }
        table.manage(
            .patch, "/model/{model_id}/update", .writers, body: ModelForms.patch, "Change a deployment by its id."
        ) { offices, request throws(OfficeFault) in try await offices.models.patch(request) }
        table.manage(.post, "/model/delete", .writers, body: ModelForms.delete, "Delete a deployment.") {
            offices, request throws(OfficeFault) in try await offices.models.delete(request)
        }
        table.manage(.post, "/model/block", .writers, body: ModelForms.block, "Keep a deployment, but do not serve it.")
        {
            offices, request throws(OfficeFault) in try await offices.models.block(request)
        }
        table.manage(.post, "/model/unblock", .writers, body: ModelForms.block, "Serve a blocked deployment again.") {
            offices, request throws(OfficeFault) in try await offices.models.unblock(request)
        }
        for path in ["/model/info", "/v1/model/info"] {
            table.manage(.get, path, .everybody, query: ModelForms.info, "The deployments, with prices and abilities.")
            {
                offices, request throws(OfficeFault) in try await offices.models.info(request)
            }
        }
        table.manage(.get, "/v2/model/info", .everybody, query: ModelForms.page, "The deployments, page by page.") {
            offices, request throws(OfficeFault) in try await offices.models.page(request)
        }
        for path in ["/model_group/info", "/v1/model_group/info"] {
            table.manage(.get, path, .everybody, query: ModelForms.group, "What all deployments of a name amount to.") {
                offices, request throws(OfficeFault) in try await offices.models.groups(request)
            }
        }
    }
}
