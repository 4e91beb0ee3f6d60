/// Prices and limits of models: the built-in ones, and those imported over them.
///
/// The built-in rows are constant data of the program and are read where they lie; the imported ones are kept in the same
/// form. Making a table and copying it costs next to nothing, and a search allocates nothing until it has found a row.
package struct PriceTable: Sendable {
    /// What the program was built with.
    package static let builtIn = PriceTable(imported: [])

    /// Rows as `PriceRows` wants them.
    private let imported: [UInt8]

    private init(imported: [UInt8]) { self.imported = imported }

    /// The built-in table with the entries of `file` over it. An entry replaces the one of exactly the same name; of two in
    /// the file, the later wins.
    package init(importing file: PriceImport) {
        var rows: [String: String] = [:]
        for entry in file.entries { rows[entry.key] = PriceRow.text(of: entry) }
        let sorted = rows.sorted { left, right in
            let a = left.key.utf8.map(PriceRows.folded)
            let b = right.key.utf8.map(PriceRows.folded)
            return a == b
                ? left.key.utf8.lexicographicallyPrecedes(right.key.utf8) : a.lexicographicallyPrecedes(b)
        }
        var bytes: [UInt8] = []
        for (_, row) in sorted {
            bytes.append(contentsOf: row.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        imported = bytes
    }

    /// What is known about `model` as `vendor` serves it; nil when nothing is, or nothing with prices per token.
    ///
    /// `vendor` is the prefix of a configured model (`azure`), `model` its rest (`gpt-4o`), with or without the prefix
    /// again; with an empty vendor, `model` is looked up as it stands. Asked for in this order, as LiteLLM does:
    /// 1. `vendor/model`
    /// 2. `model`
    /// 3. `vendor/base` and 4. `base`, where `base` is the model without Amazon's region, Google's version, or the owner
    ///    of a tuned OpenAI model
    /// 5. the model without its prefix
    /// 6. `vendor/model` even where the model already begins with the vendor (`openrouter/auto` at `openrouter`)
    ///
    /// Each is searched for exactly, and then without regard to ASCII case. A row counts only if its provider is the
    /// vendor's; a date in a name is never guessed.
    package func facts(model: String, vendor: String) -> ModelFacts? {
        var model = model
        var vendor = vendor == "vertex_ai_beta" ? "vertex_ai" : vendor
        return model.withUTF8 { model in
            vendor.withUTF8 { vendor in facts(model: model[...], vendor: vendor) }
        }
    }

    private func facts(
        model: Slice<UnsafeBufferPointer<UInt8>>, vendor: UnsafeBufferPointer<UInt8>
    ) -> ModelFacts? {
        guard !model.isEmpty, model.count <= PriceRow.longestName else { return nil }
        let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        if vendor.isEmpty {
            return row(named: ModelName(vendor: none, name: model), vendor: vendor)
                ?? row(
                    named: ModelName(vendor: none, name: ModelBaseName.base(of: model, vendor: none)), vendor: vendor)
        }
        let isPrefixed =
            model.count > vendor.count && model.starts(with: vendor)
            && model[model.startIndex + vendor.count] == UInt8(ascii: "/")
        let rest = isPrefixed ? model.dropFirst(vendor.count + 1) : model
        let base = ModelBaseName.base(of: rest, vendor: vendor)
        return row(named: ModelName(vendor: vendor, name: rest), vendor: vendor)
            ?? row(named: ModelName(vendor: none, name: model), vendor: vendor)
            ?? row(named: ModelName(vendor: vendor, name: base), vendor: vendor)
            ?? row(named: ModelName(vendor: none, name: base), vendor: vendor)
            ?? row(named: ModelName(vendor: none, name: rest), vendor: vendor)
            ?? row(named: ModelName(vendor: vendor, name: model), vendor: vendor)
    }

    private func row(named name: ModelName, vendor: UnsafeBufferPointer<UInt8>) -> ModelFacts? {
        imported.withUnsafeBufferPointer { imported in
            Self.builtInRows.withUTF8Buffer { builtIn in
                guard let hit = Self.hit(name, PriceRows(bytes: imported), PriceRows(bytes: builtIn)) else {
                    return nil
                }
                guard Self.serves(PriceRow.provider(of: hit), vendor) else { return nil }
                return try? PriceRow.read(hit)
            }
        }
    }

    /// The imported row goes before the built-in one of the same name, but a name in the very same case before both.
    private static func hit(
        _ name: ModelName, _ imported: PriceRows, _ builtIn: PriceRows
    ) -> Slice<UnsafeBufferPointer<UInt8>>? {
        let first = imported.row(named: name)
        if let first, first.isExact { return first.row }
        guard let second = builtIn.row(named: name) else { return first?.row }
        return second.isExact ? second.row : (first ?? second).row
    }

    /// Whether rows of `provider` hold for models configured with `vendor`. LiteLLM gives one vendor several names in its
    /// rows (`vertex_ai-language-models`, `bedrock_converse`, `cohere_chat`, `text-completion-openai`).
    private static func serves(
        _ provider: Slice<UnsafeBufferPointer<UInt8>>, _ vendor: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        if vendor.isEmpty || provider.isEmpty || provider.elementsEqual(vendor) { return true }
        for family in ["vertex_ai", "fireworks_ai", "bedrock", "cohere"]
        where vendor.starts(with: family.utf8) && provider.starts(with: family.utf8) {
            return true
        }
        if vendor.elementsEqual("openai".utf8) { return provider.elementsEqual("text-completion-openai".utf8) }
        if vendor.elementsEqual("azure_ai".utf8) {
            // What Azure's own catalogue does not list is an OpenAI model there.
            return provider.elementsEqual("azure".utf8) || provider.elementsEqual("openai".utf8)
        }
        return vendor.elementsEqual("github".utf8) || vendor.elementsEqual("litellm_proxy".utf8)
    }
}
