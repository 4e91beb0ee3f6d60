/// What requests for the audit trail look like.
package enum AuditForms {
    package static let list = Form([
        FormField("page", .count, "From 1."),
        FormField("page_size", .count, "1 to 1000; 10 if left out."),
        FormField("changed_by", .string, "A user's id."),
        FormField("changed_by_api_key", .string, "The hash of the key that was used."),
        FormField("action", .string, "created, updated, deleted, blocked, unblocked, rotated."),
        FormField("table_name", .string, "LiteLLM's name of the table, such as LiteLLM_VerificationToken."),
        FormField("object_id", .string, "What was changed."),
        FormField("object_team_id", .string, "The team that was changed."),
        FormField("object_key_hash", .string, "The key that was changed."),
        FormField("start_date", .moment, "From this moment."),
        FormField("end_date", .moment, "To this moment, or to the end of this day."),
        FormField("sort_by", .choice(["updated_at"])),
        FormField("sort_order", .choice(["asc", "desc"])),
    ])
}
