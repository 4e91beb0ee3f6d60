import HTTPTypes
import WeirAccess
import WeirCore

/// Who changed what.
enum AuditManagementRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(.get, "/audit", .overseers, query: AuditForms.list, "The audit trail, newest first.") {
            offices, request throws(OfficeFault) in try await offices.audit.list(request)
        }
        table.manage(.get, "/audit/{id}", .overseers, "One entry of the audit trail.") {
            offices, request throws(OfficeFault) in try await offices.audit.entry(request)
        }
    }
}
