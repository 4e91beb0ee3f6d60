import Foundation
import Testing
import WeirAccounting
import WeirCore

struct PriceTableTests {
    /// The rows of data/prices.csv, read without the code under test.
    static func rows() throws -> [[String]] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "data/prices.csv"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    static func price(_ perMillion: String) -> Money? {
        Money(perMillion).map { Money(attodollars: $0.attodollars / 1_000_000) }
    }

    @Test func `every row of the price file is found with its figures`() throws {
        let rows = try Self.rows()
        #expect(rows.count == PriceTable.builtInCount)
        #expect(rows.count >= 300)
        for row in rows {
            let provider = row[1].isEmpty ? String(row[0].prefix { $0 != "/" }) : row[1]
            let facts = try #require(PriceTable.builtIn.facts(model: row[0], vendor: ""), "\(row[0])")
            #expect(facts.key == row[0])
            #expect(facts.provider == provider)
            #expect(facts.mode?.rawValue == row[2])
            #expect(facts.price.input == Self.price(row[3]), "\(row[0])")
            #expect(facts.price.output == Self.price(row[4]), "\(row[0])")
            #expect(facts.price.cachedInput == Self.price(row[5]), "\(row[0])")
            #expect(facts.price.reasoning == Self.price(row[6]), "\(row[0])")
            #expect(facts.maxInputTokens.map(String.init) ?? "" == row[7])
            #expect(facts.maxOutputTokens.map(String.init) ?? "" == row[8])
            #expect(facts.tiers.isEmpty == row[9].isEmpty)
            #expect(facts.supports.names.count == row[10].count)
        }
    }

    @Test func `every row is found by its provider, with and without the provider in front`() throws {
        for row in try Self.rows() {
            let provider = row[1].isEmpty ? String(row[0].prefix { $0 != "/" }) : row[1]
            let facts = try #require(PriceTable.builtIn.facts(model: row[0], vendor: provider), "\(row[0])")
            #expect(facts.provider.hasPrefix(provider))
            guard row[1].isEmpty else { continue }
            #expect(facts.key == row[0])
            let short = String(row[0].dropFirst(provider.count + 1))
            // One name with and without its prefix is two models there: the shorter wins.
            if short == "perplexity/sonar" { continue }
            #expect(PriceTable.builtIn.facts(model: short, vendor: provider)?.key == row[0])
        }
    }

    @Test func `every price times a billion tokens is exact`() throws {
        for row in try Self.rows() {
            for text in row[3...6] where !text.isEmpty {
                let perMillion = try #require(Money(text), "\(row[0])")
                let price = try #require(Self.price(text))
                #expect(price * 1_000_000 == perMillion, "\(row[0])")
                #expect(price * 1_000_000_000 == perMillion * 1000, "\(row[0])")
            }
        }
    }

    /// Figures as the providers publish them, typed by hand: dollars per million tokens.
    @Test(arguments: [
        ("gpt-4o", "openai", "2.5", "10", "1.25", 128_000), ("gpt-5", "openai", "1.25", "10", "0.125", 272_000),
        ("o3", "openai", "2", "8", "0.5", 200_000), ("gpt-4o", "azure", "2.5", "10", "1.25", 128_000),
        ("claude-sonnet-4-5", "anthropic", "3", "15", "0.3", 200_000),
        ("gemini-2.5-flash", "gemini", "0.3", "2.5", "0.03", 1_048_576),
        ("gemini-2.5-pro", "vertex_ai", "1.25", "10", "0.125", 1_048_576),
        ("deepseek-chat", "deepseek", "0.28", "0.42", "0.028", 131_072), ("grok-4", "xai", "3", "15", "", 256_000),
        ("llama-3.3-70b-versatile", "groq", "0.59", "0.79", "", 128_000),
        ("mistral-large-latest", "mistral", "0.5", "1.5", "0.05", 262_144),
        ("command-r-plus", "cohere", "2.5", "10", "", 128_000),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock", "3.3", "16.5", "0.33", 200_000),
    ])
    func `well-known models have their published price`(
        model: String, vendor: String, input: String, output: String, cached: String, window: Int
    ) throws {
        let facts = try #require(PriceTable.builtIn.facts(model: model, vendor: vendor))
        #expect(facts.mode == .chat)
        #expect(facts.price.input * 1_000_000 == Money(input))
        #expect(facts.price.output * 1_000_000 == Money(output))
        #expect(facts.price.cachedInput.map { $0 * 1_000_000 } == Money(cached))
        #expect(facts.maxInputTokens == window)
    }

    @Test(arguments: [
        // The vendor in front, or the model alone.
        ("gpt-4o", "azure", "azure/gpt-4o"), ("azure/gpt-4o", "azure", "azure/gpt-4o"), ("gpt-4o", "openai", "gpt-4o"),
        ("openai/gpt-4o", "openai", "gpt-4o"), ("azure/gpt-4o", "", "azure/gpt-4o"),
        ("eu/gpt-4o", "azure", "azure/eu/gpt-4o"),
        ("gpt-4o-2024-08-06", "openai", "gpt-4o-2024-08-06"),
        ("gpt-3.5-turbo-instruct", "openai", "gpt-3.5-turbo-instruct"),
        // Only the case differs.
        ("GPT-4o", "openai", "gpt-4o"), ("openrouter/auto", "openrouter", "openrouter/openrouter/auto"),
        ("BAAI/bge-base-en-v1.5", "together_ai", "together_ai/BAAI/bge-base-en-v1.5"),
        ("baai/bge-base-en-v1.5", "together_ai", "together_ai/baai/bge-base-en-v1.5"),
        ("Baai/bge-base-en-v1.5", "together_ai", "together_ai/baai/bge-base-en-v1.5"),
        // Amazon's routes and regions.
        ("anthropic.claude-3-haiku-20240307-v1:0", "bedrock", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("converse/anthropic.claude-3-haiku-20240307-v1:0", "bedrock", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("us-east-7/anthropic.claude-3-haiku-20240307-v1:0", "bedrock", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("jp.anthropic.claude-3-haiku-20240307-v1:0", "bedrock", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("anthropic.claude-3-haiku-20240307-v1:0:48k", "bedrock", "anthropic.claude-3-haiku-20240307-v1:0"),
        (
            "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-3-haiku-20240307-v1:0", "bedrock",
            "anthropic.claude-3-haiku-20240307-v1:0"
        ),
        // Google's versions, OpenAI's tuned models.
        ("gemini-2.5-pro-007", "vertex_ai", "gemini-2.5-pro"), ("gemini-2.5-pro", "vertex_ai_beta", "gemini-2.5-pro"),
        ("gemini-2.5-flash-001", "gemini", "gemini/gemini-2.5-flash"),
        ("ft:gpt-4o-2024-08-06:owner:name:id7", "openai", "ft:gpt-4o-2024-08-06"),
        // Azure's catalogue falls back to Azure and OpenAI.
        ("gpt-4o", "azure_ai", "gpt-4o"),
        ("accounts/fireworks/models/deepseek-v3", "fireworks_ai", "fireworks_ai/accounts/fireworks/models/deepseek-v3"),
    ])
    func `a model is looked up by its vendor's manners`(model: String, vendor: String, key: String) {
        #expect(PriceTable.builtIn.facts(model: model, vendor: vendor)?.key == key)
    }

    @Test(arguments: [
        ("", ""), ("", "openai"), ("gpt-4o", "anthropic"), ("claude-sonnet-4-5", "openai"),
        ("gpt-4o-2024-01-01", "openai"),
        ("gpt-4", "groq"), ("gpt-4o,", "openai"), ("gpt-4o,openai", "openai"), ("gpt-4o\n", ""), ("\n", ""), (",", ""),
        ("openai/", "openai"), ("gpt-", "openai"), ("gpt-4oo", ""), ("zzzzzzzz", ""), ("!", ""),
        ("ft:gpt-4o-2024-08-06::", "openai"),
        ("gpt-4o", "echo"), ("self-made", "openai"), ("gemini-2.5-pro-", "vertex_ai"), (":48k", "bedrock"),
        ("arn:", "bedrock"),
    ])
    func `what is not known is not guessed`(model: String, vendor: String) {
        #expect(PriceTable.builtIn.facts(model: model, vendor: vendor) == nil)
    }

    @Test func `a name beyond all bounds is unknown`() {
        let long = String(repeating: "gpt-4o", count: 100_000)
        #expect(PriceTable.builtIn.facts(model: long, vendor: "openai") == nil)
        #expect(PriceTable.builtIn.facts(model: "gpt-4o", vendor: long) == nil)
    }

    @Test func `capabilities are asked for by name`() throws {
        let facts = try #require(PriceTable.builtIn.facts(model: "gpt-4o", vendor: "openai"))
        #expect(facts.supports.contains(named: "vision"))
        #expect(facts.supports.contains([.functionCalling, .toolChoice]))
        #expect(!facts.supports.contains(named: "reasoning"))
        #expect(!facts.supports.contains(named: "flying"))
        #expect(
            facts.supports.names == [
                "function_calling", "parallel_function_calling", "system_messages", "pdf_input", "prompt_caching",
                "response_schema", "tool_choice", "vision",
            ])
    }

    @Test func `a long prompt to Gemini has its higher price`() throws {
        let facts = try #require(PriceTable.builtIn.facts(model: "gemini-2.5-pro", vendor: "vertex_ai"))
        #expect(facts.tiers.map(\.above) == [200_000])
        #expect(CostCalculator.cost(of: Usage(promptTokens: 200_000), at: facts).description == "0.25")
        #expect(CostCalculator.cost(of: Usage(promptTokens: 400_000), at: facts).description == "1")
    }
}
