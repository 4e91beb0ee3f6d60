import WeirCore

/// `credential_list`, and what it gives to models.
enum CredentialsReader {
    static func read(_ top: FieldReader) -> [CredentialEntry] {
        guard let member = top.member("credential_list") else { return [] }
        guard let items = member.value.list else {
            top.wrong(member, "a list of entries that begin with `- credential_name:`")
            return []
        }
        var taken: Set<String> = []
        return items.compactMap { item in
            guard let members = item.map else {
                top.log.error(
                    item.place,
                    "an entry of `credential_list` is a mapping with `credential_name` and `credential_values`"
                )
                return nil
            }
            let reader = FieldReader("credential_list[]", members, item.place, top.log)
            guard let entry = entry(reader) else { return nil }
            guard taken.insert(entry.name).inserted else {
                top.log.error(item.place, "`credential_list` has `\(entry.name)` twice: give each entry its own name")
                return nil
            }
            return entry
        }
    }

    private static func entry(_ reader: FieldReader) -> CredentialEntry? {
        defer { reader.finish() }
        let info = StoreReader.object("credential_info", reader)
        let values = reader.section("credential_values", as: "credential_list[].credential_values")
        guard let name = reader.text("credential_name"), !name.isEmpty else {
            if !reader.isMissing("credential_name") {
                reader.log.error(
                    reader.place,
                    "this entry of `credential_list` has no `credential_name`: add the name that models use"
                )
            }
            return nil
        }
        let known = KnownKeys.section("model_list[].litellm_params")
        let kept = (values?.members ?? []).filter { member in
            if known[member.key] != nil || ModelParamsReader.isVendors(member.key) { return true }
            reader.log.warning(
                member.keyPlace,
                "the value `\(member.key)` of the credential `\(name)` is nothing that a provider is told: "
                    + "it is left out")
            return false
        }
        return CredentialEntry(name: name, info: info, values: kept)
    }

    /// `params` with the values of the credential that they name; what they say themselves stays.
    ///
    /// A name that the file does not have is left to the store.
    static func merged(_ params: FieldReader, _ credentials: [CredentialEntry]) -> FieldReader {
        let named = params.members.first { $0.key == "litellm_credential_name" }
        guard let name = named?.value.scalar?.text,
            let credential = credentials.first(where: { $0.name == name })
        else { return params }
        let own = Set(params.members.map(\.key))
        // Two words for one thing.
        let isAddressed = own.contains("api_base") || own.contains("base_url")
        let added = credential.values.filter { value in
            !own.contains(value.key) && !(isAddressed && ["api_base", "base_url"].contains(value.key))
        }
        return FieldReader(params.section, params.members + added, params.place, params.log)
    }
}
