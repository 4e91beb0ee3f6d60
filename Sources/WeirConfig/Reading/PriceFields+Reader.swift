extension PriceFields {
    init(reading reader: FieldReader) {
        self.init()
        input = reader.money("input_cost_per_token")
        output = reader.money("output_cost_per_token")
        cachedInput = reader.money("cache_read_input_token_cost")
        cacheWrite = reader.money("cache_creation_input_token_cost")
        reasoning = reader.money("output_cost_per_reasoning_token")
        inputSecond = reader.money("input_cost_per_second")
        outputSecond = reader.money("output_cost_per_second")
    }

    /// What is missing here is taken from `other`.
    func filled(from other: PriceFields) -> PriceFields {
        var filled = self
        filled.input = input ?? other.input
        filled.output = output ?? other.output
        filled.cachedInput = cachedInput ?? other.cachedInput
        filled.cacheWrite = cacheWrite ?? other.cacheWrite
        filled.reasoning = reasoning ?? other.reasoning
        filled.inputSecond = inputSecond ?? other.inputSecond
        filled.outputSecond = outputSecond ?? other.outputSecond
        return filled
    }
}
