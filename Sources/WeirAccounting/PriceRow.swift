import WeirCore

/// One row of a price file: eleven fields between commas, none of them quoted.
///
///     model,provider,mode,input,output,cached_input,reasoning,max_input_tokens,max_output_tokens,tiers,supports
///
/// Prices are US dollars per million tokens. An empty `provider` means what stands before the model's first slash. A tier
/// is `TOKENS:INPUT/OUTPUT/CACHED`, trailing empty prices left out; tiers are joined by `;`.
enum PriceRow {
    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    static let columns =
        "model,provider,mode,input,output,cached_input,reasoning,max_input_tokens,max_output_tokens,tiers,supports"
    /// The highest price of one token: with it, no count of tokens exceeds the range of `Money`.
    static let highestPrice = Money(attodollars: Money.scale)
    static let longestName = 256
    static let mostTiers = 8

    /// Why a name cannot stand in a price file; nil when it can.
    static func objection(toName name: String) -> String? {
        if name.isEmpty { return "the name is empty" }
        if name.utf8.count > longestName { return "the name is longer than \(longestName) bytes" }
        if name.utf8.first == UInt8(ascii: "#") { return "the name begins with #" }
        let isPlain = name.utf8.allSatisfy {
            $0 > 32 && $0 != 127 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"")
        }
        return isPlain ? nil : "the name holds a comma, a quote, a space or a control character"
    }

    /// The part of a row's model before the first slash, when the row names no other provider.
    static func provider(of row: Bytes) -> Bytes {
        guard let first = row.firstIndex(of: UInt8(ascii: ",")) else { return row[row.endIndex...] }
        let rest = row[(first + 1)...]
        let named = rest[..<(rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex)]
        guard named.isEmpty else { return named }
        let key = row[..<first]
        return key[..<(key.firstIndex(of: UInt8(ascii: "/")) ?? key.startIndex)]
    }

    // MARK: Reading

    /// The facts in a row, or what is wrong with it.
    static func read(_ row: Bytes) throws(PriceImport.Problem) -> ModelFacts {
        let fields = row.split(separator: UInt8(ascii: ","), maxSplits: 11, omittingEmptySubsequences: false)
        let key = text(fields[0])
        func fail(_ reason: String) -> PriceImport.Problem { PriceImport.Problem(model: key, reason: reason) }
        guard fields.count == 11 else { throw fail("\(fields.count) fields instead of 11") }
        if let objection = objection(toName: key) { throw fail(objection) }
        var mode: ModelMode?
        if !fields[2].isEmpty {
            mode = ModelMode(rawValue: text(fields[2]))
            guard mode != nil else { throw fail("the mode \(text(fields[2])) is not one with a price per token") }
        }
        do throws(FieldFault) {
            guard let input = try price(fields[3], "input"), let output = try price(fields[4], "output") else {
                throw FieldFault(reason: "input or output has no price")
            }
            guard let supports = ModelCapabilities(letters: fields[10]) else {
                throw FieldFault(reason: "supports holds an unknown letter")
            }
            return ModelFacts(
                key: key, provider: text(provider(of: row)), mode: mode,
                price: TokenPrice(
                    input: input, output: output, cachedInput: try price(fields[5], "cached_input"),
                    reasoning: try price(fields[6], "reasoning")),
                tiers: try tiers(fields[9]), maxInputTokens: try tokens(fields[7], "max_input_tokens"),
                maxOutputTokens: try tokens(fields[8], "max_output_tokens"), supports: supports)
        } catch {
            throw fail(error.reason)
        }
    }

    private struct FieldFault: Error {
        let reason: String
    }

    private static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func price(_ field: Bytes, _ name: String) throws(FieldFault) -> Money? {
        guard !field.isEmpty else { return nil }
        // 18 decimals of a dollar are 12 of the price of a million.
        guard let value = DecimalText.scaled(text(field), decimals: 12) else {
            throw FieldFault(reason: "\(name) is not a number with at most 12 decimals: \(text(field))")
        }
        let price = Money(attodollars: value)
        guard price >= .zero, price <= highestPrice else {
            throw FieldFault(reason: "\(name) is not between 0 and 1000000 dollars per million tokens")
        }
        return price
    }

    private static func tokens(_ field: Bytes, _ name: String) throws(FieldFault) -> Int? {
        guard !field.isEmpty else { return nil }
        guard let count = Int(text(field)), count > 0 else {
            throw FieldFault(reason: "\(name) is not a number of tokens: \(text(field))")
        }
        return count
    }

    private static func tiers(_ field: Bytes) throws(FieldFault) -> [PriceTier] {
        guard !field.isEmpty else { return [] }
        var found: [PriceTier] = []
        for part in field.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            let halves = part.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard halves.count == 2, let above = try tokens(halves[0], "a tier's threshold") else {
                throw FieldFault(reason: "a tier is not TOKENS:INPUT/OUTPUT/CACHED: \(text(part))")
            }
            let prices = halves[1].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard prices.count <= 3 else { throw FieldFault(reason: "a tier has more than 3 prices: \(text(part))") }
            guard above > (found.last?.above ?? 0), found.count < mostTiers else {
                throw FieldFault(reason: "tiers do not ascend, or are more than \(mostTiers)")
            }
            found.append(
                PriceTier(
                    above: above, input: try price(prices[0], "a tier's input"),
                    output: prices.count > 1 ? try price(prices[1], "a tier's output") : nil,
                    cachedInput: prices.count > 2 ? try price(prices[2], "a tier's cached_input") : nil))
        }
        return found
    }

    // MARK: Writing

    /// The row for `facts`, without a line feed. Its name must be free of objections, its prices within the limit.
    static func text(of facts: ModelFacts) -> String {
        let own = facts.key.utf8.prefix { $0 != UInt8(ascii: "/") }
        let isNamed = own.count < facts.key.utf8.count && own.elementsEqual(facts.provider.utf8)
        let tiers = facts.tiers.map { tier in
            var prices = [tier.input, tier.output, tier.cachedInput].map(perMillion)
            while prices.count > 1, prices.last == "" { prices.removeLast() }
            return "\(tier.above):" + prices.joined(separator: "/")
        }
        let fields = [
            facts.key, isNamed ? "" : facts.provider, facts.mode?.rawValue ?? "", perMillion(facts.price.input),
            perMillion(facts.price.output), perMillion(facts.price.cachedInput), perMillion(facts.price.reasoning),
            facts.maxInputTokens.map(String.init) ?? "", facts.maxOutputTokens.map(String.init) ?? "",
            tiers.joined(separator: ";"), facts.supports.letters,
        ]
        return fields.joined(separator: ",")
    }

    private static func perMillion(_ price: Money?) -> String { price.map { ($0 * 1_000_000).description } ?? "" }
}
