import HTTPTypes
import WeirAccess
import WeirCore

/// Providers' credentials that deployments name.
enum CredentialManagementRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(.get, "/credentials", .overseers, "The credentials, masked.", \.credentials, CredentialOffice.list)
        table.manage(
            .post, "/credentials", .proxyAdmin, body: CredentialForms.new, "Add a credential.", \.credentials,
            CredentialOffice.new)
        table.manage(
            .get, "/credentials/by_name/{credential_name}", .overseers, "One credential, masked.", \.credentials,
            CredentialOffice.byName)
        table.manage(
            .get, "/credentials/by_model/{model_id}", .overseers, "A deployment's own credential, masked.",
            \.credentials, CredentialOffice.byModel)
        table.manage(
            .patch, "/credentials/{credential_name}", .proxyAdmin, body: CredentialForms.update, "Change a credential.",
            \.credentials, CredentialOffice.update)
        table.manage(
            .delete, "/credentials/{credential_name}", .proxyAdmin, "Delete a credential that no deployment names.",
            \.credentials, CredentialOffice.delete)
    }
}
