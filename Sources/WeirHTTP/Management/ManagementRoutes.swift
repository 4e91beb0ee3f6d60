/// The whole management API, family by family.
enum ManagementRoutes {
    static func add(to table: inout ManagementTable) {
        KeyRoutes.add(to: &table)
        UserRoutes.add(to: &table)
        TeamRoutes.add(to: &table)
        OrganizationRoutes.add(to: &table)
        CustomerRoutes.add(to: &table)
        BudgetRoutes.add(to: &table)
        TagRoutes.add(to: &table)
        ModelManagementRoutes.add(to: &table)
        CredentialManagementRoutes.add(to: &table)
        AccessGroupManagementRoutes.add(to: &table)
        AuditManagementRoutes.add(to: &table)
    }
}
