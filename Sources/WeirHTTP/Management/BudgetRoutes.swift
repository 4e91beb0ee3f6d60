import HTTPTypes
import WeirAccess
import WeirCore

/// Budgets: `/budget/*`.
enum BudgetRoutes {
    static func add(to table: inout ManagementTable) {
        table.manage(
            .post, "/budget/new", .proxyAdmin, body: BudgetForms.new, "Make a budget.", \.budgets, BudgetOffice.new)
        table.manage(
            .post, "/budget/update", .proxyAdmin, body: BudgetForms.update, "Change a budget.", \.budgets,
            BudgetOffice.update)
        table.manage(
            .post, "/budget/info", .overseers, body: BudgetForms.info, "Budgets by their ids.", \.budgets,
            BudgetOffice.info)
        table.manage(
            .get, "/budget/settings", .overseers, query: BudgetForms.settingsQuery,
            "What can be set on a budget, and what is set.", \.budgets, BudgetOffice.settings)
        table.manage(
            .get, "/budget/list", .overseers, query: BudgetForms.list, "Budgets, at most 1000.", \.budgets,
            BudgetOffice.list)
        table.manage(
            .post, "/budget/delete", .proxyAdmin, body: BudgetForms.delete, "Delete a budget that nobody uses.",
            \.budgets, BudgetOffice.delete)
    }
}
