import HTTPTypes
import WeirAccess
import WeirCore

/// Who changed what.
enum AuditManagementRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(
            .get, "/audit", .overseers, query: AuditForms.list, "The audit trail, newest first.", \.audit,
            AuditOffice.list)
        table.manage(.get, "/audit/{id}", .overseers, "One entry of the audit trail.", \.audit, AuditOffice.entry)
    }
}
