import WeirCore

/// `model_list`.
enum ModelListReader {
    static func read(_ top: FieldReader, _ credentials: [CredentialEntry]) -> [ModelEntry] {
        guard let member = top.member("model_list") else { return [] }
        guard let items = member.value.list else {
            top.wrong(member, "a list of entries that begin with `- model_name:`")
            return []
        }
        return items.compactMap { item in
            guard let members = item.map else {
                top.log.error(
                    item.place,
                    "an entry of `model_list` is a mapping with `model_name` and `litellm_params`, not \(item.described)"
                )
                return nil
            }
            return entry(FieldReader("model_list[]", members, item.place, top.log), credentials)
        }
    }

    private static func entry(_ reader: FieldReader, _ credentials: [CredentialEntry]) -> ModelEntry? {
        defer { reader.finish() }
        let name = reader.text("model_name") ?? ""
        if name.isEmpty, !reader.isMissing("model_name") {
            reader.log.error(
                reader.place, "this entry of `model_list` has no `model_name`: add the name that clients shall use"
            )
        }
        if name.hasPrefix("^") { check(expression: name, reader) }
        let info = reader.section("model_info", as: "model_list[].model_info")
        guard let params = reader.section("litellm_params", as: "model_list[].litellm_params") else {
            if reader.written("litellm_params")?.value.isNull != false {
                reader.log.error(
                    reader.place, "this entry of `model_list` has no `litellm_params`: add them, with at least `model`"
                )
            }
            return nil
        }
        var entry = ModelParamsReader.read(name, CredentialsReader.merged(params, credentials), reader.place)
        if let info { ModelInfoReader.read(info, into: &entry) }
        return entry
    }

    /// A name that begins with `^` is a regular expression.
    private static func check(expression name: String, _ reader: FieldReader) {
        do throws(NameExpressionFault) {
            _ = try NameExpression(name)
        } catch {
            reader.log.error(
                reader.written("model_name")?.value.place ?? reader.place,
                "`model_name` begins with ^ and is no regular expression that can be read: \(error.reason)")
        }
    }
}
