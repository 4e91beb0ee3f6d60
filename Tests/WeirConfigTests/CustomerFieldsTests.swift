import Testing
import WeirConfig

@Suite struct CustomerFieldsTests {
    private func fields(_ general: String) -> [String] {
        let reading = Reading("general_settings: {\(general)}")
        #expect(reading.problems == [])
        return reading.document.general.customerFields
    }

    @Test(
        arguments: [
            ("", []), ("user_header_name: X-User", ["x-user"]), ("user_header_name: ''", []),
            ("user_header_name: null", []),
            ("user_header_mappings: [{header_name: X-A, litellm_user_role: customer}]", ["x-a"]),
            ("user_header_mappings: {header_name: X-A, litellm_user_role: Customer}", ["x-a"]),
            (
                """
                user_header_mappings: [{header_name: X-A, litellm_user_role: internal_user},
                {header_name: X-B, litellm_user_role: customer}, {header_name: X-C, litellm_user_role: customer}]
                """, ["x-b", "x-c"]
            ),
            (
                "user_header_name: X-Old, user_header_mappings: [{header_name: X-A, litellm_user_role: customer}]",
                ["x-a"]
            ),
            (
                "user_header_name: X-Old, user_header_mappings: [{header_name: X-A, litellm_user_role: internal_user}]",
                ["x-old"]
            ), ("user_header_name: X-Old, user_header_mappings: []", ["x-old"]), ("user_header_mappings: null", []),
        ] as [(String, [String])])
    func `headers that name customers are read in both forms`(general: String, expected: [String]) {
        #expect(fields(general) == expected)
    }

    @Test(arguments: [
        "user_header_name: 'x y'", "user_header_name: [a]", "user_header_mappings: X-A", "user_header_mappings: [X-A]",
        "user_header_mappings: [{header_name: X-A}]", "user_header_mappings: [{litellm_user_role: customer}]",
        "user_header_mappings: [{header_name: 'a b', litellm_user_role: customer}]", "user_header_mappings: 5",
    ])
    func `what is no such header is refused`(general: String) {
        #expect(Reading("general_settings: {\(general)}").errors.count == 1)
    }

    @Test func `the default budget of customers is named by its id`() {
        let reading = Reading("litellm_settings: {max_end_user_budget_id: standard}")
        #expect(reading.problems == [])
        #expect(reading.document.store.defaultCustomerBudget == "standard")
        #expect(Reading("litellm_settings: {max_end_user_budget_id: ''}").document.store.defaultCustomerBudget == nil)
        #expect(Reading("litellm_settings: {max_end_user_budget_id: [a]}").errors.count == 1)
    }
}
