import WeirCore

extension PriceImport {
    /// Reads LiteLLM's `model_prices_and_context_window.json`: an object of models, each an object of plain fields.
    /// Prices are US dollars per token and are taken from the digits in the file.
    package static func read(liteLLM bytes: [UInt8]) throws(PriceImportFault) -> PriceImport {
        var result = PriceImport()
        var reader = FlatJSONReader(bytes)
        try reader.readEntries { name, fields in
            // The file's first entry explains the fields in words.
            if name == "sample_spec" { return }
            do throws(Problem) {
                if let objection = PriceRow.objection(toName: name) { throw Problem(model: name, reason: objection) }
                guard let fields else { throw Problem(model: name, reason: "the entry is not an object") }
                var entry = LiteLLMPriceEntry(name: name)
                for field in fields { try entry.take(field.name, field.value) }
                result.unknownFields += entry.unknownFields
                result.roundedPrices += entry.roundedPrices
                if let facts = try entry.facts() { result.entries.append(facts) } else { result.unpriced += 1 }
            } catch {
                result.problems.append(error)
            }
        }
        return result
    }
}
