import HTTPTypes
import WeirAccess
import WeirCore

/// Customers: `/customer/*`, and the same under `/end_user/*`, the older name.
enum CustomerRoutes {
    static func add(to table: inout RouteTable) {
        for base in ["/customer", "/end_user"] { add(to: &table, base) }
    }

    private static func add(to table: inout RouteTable, _ base: String) {
        table.manage(.post, "\(base)/new", .proxyAdmin, body: CustomerForms.new, "Make a customer.") {
            offices, request throws(OfficeFault) in try await offices.customers.new(request)
        }
        table.manage(.get, "\(base)/info", .overseers, query: CustomerForms.info, "A customer with his budget.") {
            offices, request throws(OfficeFault) in try await offices.customers.info(request)
        }
        table.manage(.post, "\(base)/update", .proxyAdmin, body: CustomerForms.update, "Change a customer.") {
            offices, request throws(OfficeFault) in try await offices.customers.update(request)
        }
        table.manage(.post, "\(base)/delete", .proxyAdmin, body: CustomerForms.ids, "Delete customers.") {
            offices, request throws(OfficeFault) in try await offices.customers.delete(request)
        }
        table.manage(.get, "\(base)/list", .overseers, query: CustomerForms.list, "Customers, at most 1000.") {
            offices, request throws(OfficeFault) in try await offices.customers.list(request)
        }
        table.manage(.post, "\(base)/block", .proxyAdmin, body: CustomerForms.ids, "Refuse customers' requests.") {
            offices, request throws(OfficeFault) in try await offices.customers.block(request)
        }
        table.manage(.post, "\(base)/unblock", .proxyAdmin, body: CustomerForms.ids, "Let customers in again.") {
            offices, request throws(OfficeFault) in try await offices.customers.unblock(request)
        }
    }
}
