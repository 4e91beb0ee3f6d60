import WeirCore

/// `user_header_mappings` and `user_header_name`: the headers that name the customer of a request.
enum CustomerFieldsReader {
    /// Names of headers in lower case, the first one first. The older key counts only where the newer one names none.
    static func read(_ reader: FieldReader) -> [String] {
        let mapped = mapped(reader)
        let single = reader.text("user_header_name").flatMap { $0.isEmpty ? nil : $0 }
        if let single, !HeaderText.isName(single), let member = reader.member("user_header_name") {
            reader.wrong(member, "the name of a header, such as X-User-Id")
        }
        return (mapped.isEmpty ? [single].compactMap(\.self) : mapped).map { $0.lowercased() }
    }

    /// A list of mappings with `header_name` and `litellm_user_role`, or one of them.
    private static func mapped(_ reader: FieldReader) -> [String] {
        guard let member = reader.member("user_header_mappings") else { return [] }
        let value = StoreReader.value(member.value)
        if value.isNull { return [] }
        var names: [String] = []
        for mapping in value.array ?? [value] {
            guard let name = mapping.object?.string("header_name"), HeaderText.isName(name),
                let role = mapping.object?.string("litellm_user_role")
            else {
                reader.wrong(member, "a list of mappings, each with header_name and litellm_user_role")
                return []
            }
            if role.lowercased() == "customer" { names.append(name) }
        }
        return names
    }
}
