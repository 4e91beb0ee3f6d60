/// What requests about deployments look like.
package enum ModelForms {
    private static let entry: [FormField] = [
        FormField("model_name", .string, "The name that clients ask for."),
        FormField("litellm_params", .object, "As in model_list: model, api_key, api_base and so on."),
        FormField("model_info", .object, "As in model_list; with team_id it is the team's own."),
        FormField("blocked", .bool, "Kept, and not served."),
    ]

    package static let new = Form(entry).requiring("model_name", "litellm_params")
    /// `model_info.id` says which one.
    package static let update = Form(entry).requiring("model_info")
    package static let patch = Form(entry).adding([
        FormField("litellm_params_to_remove", .strings, "Names of litellm_params to take away.")
    ])
    package static let delete = Form([FormField("id", .string, required: true, "model_info.id.")])
    package static let block = Form([FormField("model_id", .string, required: true, "model_info.id.")])

    package static let info = Form([
        FormField("litellm_model_id", .string, "Only this one."),
        FormField("include_team_models", .bool, "Taken for LiteLLM's sake: team models are always in."),
        FormField("teamId", .string, "Only this team's own."),
        FormField("healthy_only", .bool, "Taken for LiteLLM's sake."),
    ])
    package static let page = Form([
        FormField("model", .string, "Only those with this model_name."),
        FormField("modelId", .string, "Only this one."),
        FormField("search", .string, "Part of a model_name."),
        FormField("teamId", .string, "Only this team's own."),
        FormField("blocked", .bool, "Only those that are blocked, or that are not."),
        FormField("access_group", .string, "Only those in this access group."),
        FormField("wildcard_only", .bool, "Only names with a star."),
        FormField("page", .count, "From 1."),
        FormField("size", .count, "1 to 1000; 50 if left out."),
        FormField("sortBy", .choice(["model_name", "created_at", "updated_at", "costs", "status"])),
        FormField("sortOrder", .choice(["asc", "desc"])),
        FormField("user_models_only", .bool, "Only those that the one who asks has made."),
        FormField("include_team_models", .bool, "Taken for LiteLLM's sake."),
        FormField("exclude_auto_routers", .bool, "Taken for LiteLLM's sake."),
        FormField("use_stored_params", .bool, "Taken for LiteLLM's sake."),
        FormField("debug", .bool, "Taken for LiteLLM's sake."),
    ])
    package static let group = Form([FormField("model_group", .string, "Only this one.")])
}
