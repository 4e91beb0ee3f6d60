import HTTPTypes
import WeirAccess
import WeirCore

/// Providers' credentials that deployments name.
enum CredentialManagementRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(.get, "/credentials", .overseers, "The credentials, masked.") {
            offices, request throws(OfficeFault) in try await offices.credentials.list(request)
        }
        table.manage(.post, "/credentials", .proxyAdmin, body: CredentialForms.new, "Add a credential.") {
            offices, request throws(OfficeFault) in try await offices.credentials.new(request)
        }
        table.manage(.get, "/credentials/by_name/{credential_name}", .overseers, "One credential, masked.") {
            offices, request throws(OfficeFault) in try await offices.credentials.byName(request)
        }
        table.manage(.get, "/credentials/by_model/{model_id}", .overseers, "A deployment's own credential, masked.") {
            offices, request throws(OfficeFault) in try await offices.credentials.byModel(request)
        }
        table.manage(
            .patch, "/credentials/{credential_name}", .proxyAdmin, body: CredentialForms.update, "Change a credential."
        ) { offices, request throws(OfficeFault) in try await offices.credentials.update(request) }
        table.manage(
            .delete, "/credentials/{credential_name}", .proxyAdmin, "Delete a credential that no deployment names."
        ) { offices, request throws(OfficeFault) in try await offices.credentials.delete(request) }
    }
}
