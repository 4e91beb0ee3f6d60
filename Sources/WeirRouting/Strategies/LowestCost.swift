import WeirCore

/// `cost-based-routing`: the lowest price of one input and one output token together, among equals at random. A model whose
/// price is not known counts as 5 dollars for each, as with LiteLLM: it comes last.
enum LowestCost {
    static let unknown = Money(attodollars: Money.scale * 10)

    static func price(_ price: TokenPrice?) -> Money { price.map { $0.input + $0.output } ?? unknown }
}
