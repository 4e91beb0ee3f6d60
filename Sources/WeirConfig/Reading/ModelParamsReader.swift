import WeirCore

/// `litellm_params` of one entry.
enum ModelParamsReader {
    static func read(_ name: String, _ reader: FieldReader, _ place: SourceLocation) -> ModelEntry {
        let (vendor, model) = target(reader)
        var entry = ModelEntry(name: name, vendor: vendor, model: model, place: place)
        entry.apiBase = apiBase(reader)
        entry.apiKey = apiKey(reader)
        entry.credentialName = reader.text("litellm_credential_name")
        entry.apiVersion = reader.text("api_version")
        entry.organization = reader.text("organization")
        entry.timeout = reader.seconds("timeout")
        entry.streamTimeout = reader.seconds("stream_timeout")
        entry.rpm = reader.whole("rpm", 0...Int.max)
        entry.tpm = reader.whole("tpm", 0...Int.max)
        entry.weight = reader.whole("weight")
        entry.order = reader.whole("order")
        entry.maxParallelRequests = reader.whole("max_parallel_requests")
        let tries = reader.whole("max_retries", 0...100)
        entry.numRetries = reader.whole("num_retries", 0...100) ?? tries
        entry.cooldown = reader.seconds("cooldown_time", zero: true)
        entry.hedgeAfter = reader.seconds("hedge_after")
        entry.firstByteTimeout = reader.seconds("first_byte_timeout")
        entry.chunkTimeout = reader.seconds("chunk_timeout")
        entry.slowestStream = reader.number("min_tokens_per_second", 0...100_000, positive: true)
        entry.extraHeaders = headers(reader)
        entry.extraBody = reader.fields("extra_body")
        entry.dropParams = reader.flag("drop_params")
        entry.additionalDropParams = reader.texts("additional_drop_params")
        entry.allowedOpenAIParams = reader.texts("allowed_openai_params")
        entry.mockResponse = reader.text("mock_response")
        entry.tags = reader.texts("tags")
        entry.tagPatterns = patterns(reader)
        entry.regionName = reader.text("region_name")
        entry.clientsideAuthParams = clientsideAuthParams(reader)
        entry.price = PriceFields(reading: reader)
        entry.tls = TLSFields(reading: reader)
        rest(reader, into: &entry)
        return entry
    }

    // MARK: The model

    /// Both empty, with the problem noted, when no model is named.
    private static func target(_ reader: FieldReader) -> (vendor: String, model: String) {
        let given = reader.text("custom_llm_provider")?.lowercased()
        guard !reader.isMissing("model") else { return ("", "") }
        let wanted = "provider/name, such as openai/gpt-4o-mini"
        guard let member = reader.member("model") else {
            let place = reader.written("model")?.value.place ?? reader.place
            reader.log.error(place, "`litellm_params` has no `model`: add it as \(wanted)")
            return ("", "")
        }
        guard let scalar = member.value.scalar else {
            reader.wrong(member, wanted)
            return ("", "")
        }
        var vendor = given ?? ""
        var model = scalar.text
        if let slash = model.firstIndex(of: "/") {
            let prefix = model[..<slash].lowercased()
            // With another provider given, the slash is a part of the name (`meta-llama/Llama-3`).
            if given == nil || given == prefix {
                vendor = prefix
                model = String(model[model.index(after: slash)...])
            }
        }
        if model.isEmpty || scalar.text.hasPrefix("/") {
            let side = model.isEmpty ? "after" : "before"
            let cause = scalar.variable.map { "; is \($0) empty?" } ?? ""
            reader.log.error(member.value.place, "`model` has nothing \(side) the slash: write it as \(wanted)\(cause)")
        }
        return (vendor, model)
    }

    // MARK: How to reach it

    private static func apiBase(_ reader: FieldReader) -> String? {
        let other = reader.member("base_url")
        guard let member = reader.member("api_base") ?? other else {
            emptyVariable(reader, "api_base", "the provider's own address is used")
            return nil
        }
        if let other, other.key != member.key, other.value.scalar?.text != member.value.scalar?.text {
            reader.log.error(
                other.keyPlace, "`base_url` means the same as `api_base` in line \(member.keyPlace.line): keep one")
        }
        guard let text = member.value.scalar?.text, let base = BaseURL.checked(text) else {
            reader.wrong(
                member, "an http:// or https:// address with a host, and a port from 1 to 65535 if one is given")
            return nil
        }
        return base
    }

    private static func apiKey(_ reader: FieldReader) -> Secret? {
        emptyVariable(reader, "api_key", "the provider's own variable is used, if it is set")
        return reader.secret("api_key")
    }

    private static func emptyVariable(_ reader: FieldReader, _ key: String, _ consequence: String) {
        guard let member = reader.written(key), let scalar = member.value.scalar, let variable = scalar.variable,
            scalar.text.isEmpty, !scalar.isMissing
        else {
            return
        }
        reader.log.warning(
            member.value.place, "`\(key)`: \(variable) is empty, so \(consequence); set it, or remove the key")
    }

    private static func headers(_ reader: FieldReader) -> [NamedSecret] {
        guard let member = reader.member("extra_headers") else { return [] }
        guard let lines = member.value.map else {
            reader.wrong(member, "a mapping from header names to texts")
            return []
        }
        return lines.compactMap { line in
            guard let scalar = line.value.scalar, HeaderText.isName(line.key), HeaderText.isValue(scalar.text) else {
                reader.log.error(
                    line.keyPlace,
                    "the header `\(line.key)` is not one: a name is letters, digits and `-`, a value is one line of text"
                )
                return nil
            }
            return NamedSecret(name: line.key, value: Secret(line.value.isNull ? "" : scalar.text))
        }
    }

    /// Names, or mappings such as `api_base: <pattern>` of which the name counts.
    private static func clientsideAuthParams(_ reader: FieldReader) -> [String] {
        guard let member = reader.member("configurable_clientside_auth_params") else { return [] }
        guard let items = member.value.list else {
            reader.wrong(member, "a list such as [api_key, api_base]")
            return []
        }
        return items.flatMap { item in item.map.map { $0.map(\.key) } ?? item.scalar.map { [$0.text] } ?? [] }
    }

    private static func patterns(_ reader: FieldReader) -> [String] {
        reader.texts("tag_regex").filter { text in
            if (try? Regex(text)) != nil { return true }
            if let member = reader.written("tag_regex") {
                reader.log.error(
                    member.value.place,
                    "`tag_regex` has an expression that cannot be read: check its brackets and backslashes")
            }
            return false
        }
    }

    // MARK: Everything else

    private static let vendorPrefixes = ["aws_", "vertex_", "azure_", "watsonx_", "s3_", "gcs_"]
    private static let vendorNames: Set<String> = ["tenant_id", "client_id", "client_secret"]

    /// Known keys are told of; provider credentials are kept aside; what remains is a parameter for every request.
    private static func rest(_ reader: FieldReader, into entry: inout ModelEntry) {
        let known = KnownKeys.section(reader.section)
        let names = known.keys.sorted() + KnownKeys.requestParameters.sorted()
        for member in reader.members {
            if let key = known[member.key] {
                reader.tell(of: member, key)
                if isVendors(member.key) { keep(member, reader.log, in: &entry) }
            } else if isVendors(member.key) {
                keep(member, reader.log, in: &entry)
                reader.log.warning(
                    member.keyPlace,
                    "`\(member.key)` is taken for a credential or setting of the provider, which is not acted on yet: remove it, or "
                        + "write it into `extra_body` if it is a parameter"
                )
            } else {
                if !KnownKeys.requestParameters.contains(member.key) { suspect(member, names, reader.log) }
                if let json = JSONText.write(member.value, reader.log) {
                    entry.defaults.append(JSONField(key: member.key, json: json))
                }
            }
        }
    }

    static func isVendors(_ key: String) -> Bool {
        vendorNames.contains(key) || vendorPrefixes.contains { key.hasPrefix($0) }
    }

    private static func keep(_ member: YAMLMember, _ log: ProblemLog, in entry: inout ModelEntry) {
        guard !member.value.isNull else { return }
        let text = member.value.scalar?.text ?? JSONText.write(member.value, log)
        if let text { entry.vendorSettings.append(NamedSecret(name: member.key, value: Secret(text))) }
    }

    /// A parameter that nobody knows is the provider's business, unless it looks like one that is known.
    private static func suspect(_ member: YAMLMember, _ names: [String], _ log: ProblemLog) {
        let limit = member.key.utf8.count < 4 ? 0 : member.key.utf8.count <= 6 ? 1 : 2
        guard limit > 0, let nearest = NearestName.of(member.key, among: names, limit: limit) else { return }
        log.warning(
            member.keyPlace,
            "`\(member.key)` is not known and is sent to the provider as it is: did you mean `\(nearest)`?"
        )
    }
}
