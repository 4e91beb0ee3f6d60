import HTTPTypes
import WeirAccess
import WeirCore

/// Customers: `/customer/*`, and the same under `/end_user/*`, the older name.
enum CustomerRoutes {
    static func add(to table: inout ManagementTable) {
        for base in ["/customer", "/end_user"] { add(to: &table, base) }
    }

    private static func add(to table: inout ManagementTable, _ base: String) {
        table.manage(
            .post, "\(base)/new", .proxyAdmin, body: CustomerForms.new, "Make a customer.", \.customers,
            CustomerOffice.new)
        table.manage(
            .get, "\(base)/info", .overseers, query: CustomerForms.info, "A customer with his budget.", \.customers,
            CustomerOffice.info)
        table.manage(
            .post, "\(base)/update", .proxyAdmin, body: CustomerForms.update, "Change a customer.", \.customers,
            CustomerOffice.update)
        table.manage(
            .post, "\(base)/delete", .proxyAdmin, body: CustomerForms.ids, "Delete customers.", \.customers,
            CustomerOffice.delete)
        table.manage(
            .get, "\(base)/list", .overseers, query: CustomerForms.list, "Customers, at most 1000.", \.customers,
            CustomerOffice.list)
        table.manage(
            .post, "\(base)/block", .proxyAdmin, body: CustomerForms.ids, "Refuse customers' requests.", \.customers,
            CustomerOffice.block)
        table.manage(
            .post, "\(base)/unblock", .proxyAdmin, body: CustomerForms.ids, "Let customers in again.", \.customers,
            CustomerOffice.unblock)
    }
}
