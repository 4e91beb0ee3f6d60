import WeirCore

/// One model of LiteLLM's price file while its fields are read.
struct LiteLLMPriceEntry {
    let name: String
    private var provider = ""
    private var modeName = ""
    private var input: Money?
    private var output: Money?
    private var cachedInput: Money?
    private var reasoning: Money?
    private var tiers: [Int: PriceTier] = [:]
    private var maxInputTokens: Int?
    private var maxOutputTokens: Int?
    private var maxTokens: Int?
    private var supports: ModelCapabilities = []
    private var hasOtherPrices = false
    private(set) var unknownFields = 0
    private(set) var roundedPrices = 0

    init(name: String) { self.name = name }

    /// Takes one field; throws when it is one that Weir uses and its value is unusable.
    mutating func take(_ field: String, _ value: FlatJSONReader.Scalar) throws(PriceImport.Problem) {
        switch field {
        case "litellm_provider": provider = try text(value, field)
        case "mode": modeName = try text(value, field)
        case "input_cost_per_token": input = try price(value, field)
        case "output_cost_per_token": output = try price(value, field)
        case "cache_read_input_token_cost": cachedInput = try price(value, field)
        case "output_cost_per_reasoning_token": reasoning = try price(value, field)
        case "max_input_tokens": maxInputTokens = try tokens(value, field)
        case "max_output_tokens": maxOutputTokens = try tokens(value, field)
        case "max_tokens": maxTokens = try tokens(value, field)
        default: try takeOther(field, value)
        }
    }

    private mutating func takeOther(_ field: String, _ value: FlatJSONReader.Scalar) throws(PriceImport.Problem) {
        if field.hasPrefix("supports_"), let one = ModelCapabilities(named: field.dropFirst(9)) {
            if value == .flag(true) { supports.insert(one) } else { supports.remove(one) }
            return
        }
        if let (kind, above) = Self.tier(field) {
            let price = try price(value, field)
            var tier = tiers[above] ?? PriceTier(above: above)
            switch kind {
            case .input: tier.input = price
            case .output: tier.output = price
            case .cachedInput: tier.cachedInput = price
            }
            tiers[above] = tier
            return
        }
        if Self.otherPrices.contains(field), case .number(let text) = value,
            DecimalText.scaled(text, decimals: 18, excess: .round) != 0
        {
            hasOtherPrices = true
        }
        unknownFields += 1
    }

    /// The finished entry; nil when tokens of text alone do not make its bill.
    func facts() throws(PriceImport.Problem) -> ModelFacts? {
        let mode = ModelMode(rawValue: modeName)
        guard mode != nil || modeName.isEmpty else { return nil }
        guard let input, let output = output ?? (mode?.isWithoutOutput == true ? .zero : nil) else { return nil }
        if input == .zero, output == .zero, hasOtherPrices { return nil }
        guard tiers.count <= PriceRow.mostTiers else { throw problem("more than \(PriceRow.mostTiers) tiers") }
        return ModelFacts(
            key: name, provider: provider, mode: mode,
            price: TokenPrice(
                input: input, output: output, cachedInput: cachedInput,
                // Where reasoning costs what output costs it shall follow the output's tiers.
                reasoning: reasoning == output ? nil : reasoning),
            tiers: tiers.values.filter { $0 != PriceTier(above: $0.above) }.sorted { $0.above < $1.above },
            maxInputTokens: maxInputTokens ?? maxTokens, maxOutputTokens: maxOutputTokens ?? maxTokens,
            supports: supports)
    }

    private static let otherPrices: Set<String> = [
        "input_cost_per_image", "output_cost_per_image", "input_cost_per_second", "output_cost_per_second",
        "input_cost_per_query", "input_cost_per_character", "output_cost_per_character", "input_cost_per_pixel",
        "output_cost_per_pixel", "ocr_cost_per_page",
    ]

    private enum Kind {
        case input
        case output
        case cachedInput
    }

    /// The kind and the threshold that a field such as `input_cost_per_token_above_200k_tokens` names.
    private static func tier(_ field: String) -> (Kind, above: Int)? {
        let kinds: [(String, Kind)] = [
            ("input_cost_per_token_above_", .input), ("output_cost_per_token_above_", .output),
            ("cache_read_input_token_cost_above_", .cachedInput),
        ]
        guard let (start, kind) = kinds.first(where: { field.hasPrefix($0.0) }), field.hasSuffix("_tokens") else {
            return nil
        }
        var number = field.dropFirst(start.count).dropLast("_tokens".count)
        let isThousands = number.hasSuffix("k")
        if isThousands { number = number.dropLast() }
        guard let count = Int(number), count > 0, count <= 1_000_000_000 else { return nil }
        return (kind, isThousands ? count * 1000 : count)
    }

    // MARK: Values

    private func problem(_ reason: String) -> PriceImport.Problem { PriceImport.Problem(model: name, reason: reason) }

    private func text(_ value: FlatJSONReader.Scalar, _ field: String) throws(PriceImport.Problem) -> String {
        switch value {
        case .null: return ""
        case .text(let text):
            guard text.isEmpty || PriceRow.objection(toName: text) == nil else { throw problem("\(field) is unusable") }
            return text
        case .number, .flag, .nested: throw problem("\(field) is not a text")
        }
    }

    /// A number, or a text with a number in it, as hand-written files have it.
    private mutating func price(_ value: FlatJSONReader.Scalar, _ field: String) throws(PriceImport.Problem) -> Money? {
        let digits: String
        switch value {
        case .null: return nil
        case .number(let text), .text(let text): digits = text
        case .flag, .nested: throw problem("\(field) is not a number")
        }
        guard let rounded = DecimalText.scaled(digits, decimals: 18, excess: .round) else {
            throw problem("\(field) is not a number: \(digits.prefix(40))")
        }
        if DecimalText.scaled(digits, decimals: 18) == nil { roundedPrices += 1 }
        let price = Money(attodollars: rounded)
        guard price >= .zero, price <= PriceRow.highestPrice else {
            throw problem("\(field) is not between 0 and 1 dollar per token: \(digits.prefix(40))")
        }
        return price
    }

    private func tokens(_ value: FlatJSONReader.Scalar, _ field: String) throws(PriceImport.Problem) -> Int? {
        switch value {
        case .null: return nil
        case .number(let text), .text(let text):
            guard let count = DecimalText.scaled(text, decimals: 0), count >= 0, count <= 1_000_000_000_000 else {
                throw problem("\(field) is not a number of tokens: \(text.prefix(40))")
            }
            return count == 0 ? nil : Int(count)
        case .flag, .nested: throw problem("\(field) is not a number of tokens")
        }
    }
}
