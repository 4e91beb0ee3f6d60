import HTTPTypes
import WeirAccess
import WeirCore

/// Budgets: `/budget/*`.
enum BudgetRoutes {
    static func add(to table: inout RouteTable) {
        table.manage(.post, "/budget/new", .proxyAdmin, body: BudgetForms.new, "Make a budget.") {
            offices, request throws(OfficeFault) in try await offices.budgets.new(request)
        }
        table.manage(.post, "/budget/update", .proxyAdmin, body: BudgetForms.update, "Change a budget.") {
            offices, request throws(OfficeFault) in try await offices.budgets.update(request)
        }
        table.manage(.post, "/budget/info", .overseers, body: BudgetForms.info, "Budgets by their ids.") {
            offices, request throws(OfficeFault) in try await offices.budgets.info(request)
        }
        table.manage(
            .get, "/budget/settings", .overseers, query: BudgetForms.settingsQuery,
            "What can be set on a budget, and what is set."
        ) { offices, request throws(OfficeFault) in try await offices.budgets.settings(request) }
        table.manage(.get, "/budget/list", .overseers, query: BudgetForms.list, "Budgets, at most 1000.") {
            offices, request throws(OfficeFault) in try await offices.budgets.list(request)
        }
        table.manage(
            .post, "/budget/delete", .proxyAdmin, body: BudgetForms.delete, "Delete a budget that nobody uses."
        ) { offices, request throws(OfficeFault) in try await offices.budgets.delete(request) }
    }
}
