/// What requests about providers' credentials look like.
package enum CredentialForms {
    private static let item: [FormField] = [
        FormField("credential_name", .string, "What models call it by (litellm_credential_name)."),
        FormField("display_name", .string, "For people."),
        FormField("credential_info", .object, "Whatever is worth knowing of it; nothing secret."),
        FormField("credential_values", .object, "api_key, api_base and so on; kept sealed."),
        FormField("model_id", .string, "Take the values from this model of the store instead."),
    ]

    package static let new = Form(item).requiring("credential_name")
    package static let update = Form(item).adding([
        FormField("credential_values_to_delete", .strings, "Names of credential_values to take away.")
    ])
}
