package import WeirCore

/// One entry of `credential_list`: what a provider wants to be told, under a name that models use. Holds secrets, so it cannot
/// be printed.
package struct CredentialEntry: Sendable, CustomStringConvertible, CustomReflectable {
    package let name: String
    /// `credential_info`: what people want to know of it.
    package let info: JSONObject
    /// Members of `litellm_params`.
    let values: [YAMLMember]

    package var description: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// As the API lists it: of the values no more than that they are there.
    package var shown: JSONObject {
        [
            "credential_name": .string(name), "credential_info": .object(info),
            "credential_values": .object(JSONObject(values.map { .init($0.key, "****") })),
        ]
    }
}
