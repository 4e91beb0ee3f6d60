/// What requests about access groups look like, of both kinds.
package enum AccessGroupForms {
    /// Groups of what keys and teams may use.
    private static let group: [FormField] = [
        FormField("access_group_name", .string, "Unique."),
        FormField("description", .longString),
        FormField("access_model_names", .strings, "Names of models that the group's keys and teams may call."),
        FormField("access_mcp_server_ids", .strings, "Kept; not acted on."),
        FormField("access_agent_ids", .strings, "Kept; not acted on."),
        FormField("access_skill_names", .strings, "Kept; not acted on."),
        FormField("mcp_tool_permissions", .object, "Kept; not acted on."),
        FormField("assigned_team_ids", .strings, "Teams that have the group."),
        FormField("assigned_key_ids", .strings, "Keys that have the group, by their hash."),
    ]

    package static let create = Form(group).requiring("access_group_name")
    package static let update = Form(group)

    /// Groups of deployments: a key may name one instead of models.
    private static let models: [FormField] = [
        FormField("model_names", .strings, "All deployments of these names."),
        FormField("model_ids", .strings, "These deployments, by model_info.id."),
    ]

    package static let newModels = Form([FormField("access_group", .string, required: true, "Unique.")] + models)
    package static let updateModels = Form(models)
}
