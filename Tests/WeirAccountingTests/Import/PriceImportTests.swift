import Testing
import WeirAccounting
import WeirCore

struct PriceImportTests {
    static func read(_ text: String) throws(PriceImportFault) -> PriceImport { try PriceImport.read(Array(text.utf8)) }

    @Test func `an entry of LiteLLM's file is read`() throws {
        let file = try Self.read(
            #"""
            {
              "sample_spec": {"mode": "one of: chat, embedding", "max_tokens": "LEGACY parameter"},
              "acme/large": {
                "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6E-7, "cache_read_input_token_cost": 0.000000075,
                "output_cost_per_reasoning_token": 9e-07, "litellm_provider": "acme", "mode": "chat",
                "input_cost_per_token_above_200k_tokens": 3e-07, "output_cost_per_token_above_200k_tokens": 1.2e-06,
                "cache_read_input_token_cost_above_200k_tokens": 1.5e-07, "input_cost_per_token_above_128k_tokens": 2e-07,
                "max_input_tokens": 128000, "max_output_tokens": 16384.0, "max_tokens": 16384,
                "supports_vision": true, "supports_web_search": false, "supports_reasoning": true, "supports_flying": true,
                "search_context_cost_per_query": {"a": [1, {"b": null}]}, "source": "https://example.com/\u00e9\ud83d\ude00"
              }
            }
            """#)
        #expect(file.problems.isEmpty)
        #expect(file.unknownFields == 3)
        #expect(file.roundedPrices == 0)
        let facts = try #require(file.entries.first)
        #expect(file.entries.count == 1)
        #expect(facts.key == "acme/large")
        #expect(facts.provider == "acme")
        #expect(facts.mode == .chat)
        #expect(facts.price.input.description == "0.00000015")
        #expect(facts.price.output.description == "0.0000006")
        #expect(facts.price.cachedInput?.description == "0.000000075")
        #expect(facts.price.reasoning?.description == "0.0000009")
        #expect(
            facts.tiers == [
                PriceTier(above: 128_000, input: Money("0.0000002")),
                PriceTier(
                    above: 200_000, input: Money("0.0000003"), output: Money("0.0000012"),
                    cachedInput: Money("0.00000015")),
            ])
        #expect(facts.maxInputTokens == 128_000)
        #expect(facts.maxOutputTokens == 16_384)
        #expect(facts.supports == [.vision, .reasoning])
    }

    @Test func `bad entries are named and the rest is imported`() throws {
        let file = try Self.read(
            #"""
            {"good": {"input_cost_per_token": 1e-6, "output_cost_per_token": 0, "mode": "chat"},
             "number": 5, "negative": {"input_cost_per_token": -1e-6, "output_cost_per_token": 1e-6},
             "word": {"input_cost_per_token": "cheap", "output_cost_per_token": 1e-6},
             "dear": {"input_cost_per_token": 1.000001, "output_cost_per_token": 1e-6},
             "flag": {"input_cost_per_token": true}, "window": {"max_input_tokens": 1.5},
             "a,b": {}, "": {}, "new\nline": {}, "#note": {}, "say \"x\"": {},
             "image": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "mode": "image_generation"},
             "half": {"input_cost_per_token": 1e-6, "mode": "chat"},
             "seconds": {"input_cost_per_token": 0, "output_cost_per_token": 0, "output_cost_per_second": 0.001},
             "vector": {"input_cost_per_token": 1e-6, "mode": "embedding"}, "text": {"input_cost_per_token": "2e-6", "output_cost_per_token": "0"}}
            """#)
        #expect(file.entries.map(\.key) == ["good", "vector", "text"])
        #expect(file.unpriced == 3)
        #expect(
            file.problems.map(\.model) == [
                "number", "negative", "word", "dear", "flag", "window", "a,b", "", "new\nline", "#note", "say \"x\"",
            ])
        #expect(
            file.problems[1].description
                == "negative: input_cost_per_token is not between 0 and 1 dollar per token: -1e-6")
    }

    @Test func `noise of binary fractions is rounded and counted`() throws {
        let file = try Self.read(
            #"{"m": {"input_cost_per_token": 5.0000000000000004e-08, "output_cost_per_token": 4.0000000000000003e-07}}"#
        )
        #expect(file.entries.first?.price.input.description == "0.00000005")
        #expect(file.entries.first?.price.output.description == "0.0000004")
        #expect(file.roundedPrices == 2)
    }

    @Test func `of two entries of one name the later wins in the table`() throws {
        let file = try Self.read(
            #"{"m":{"input_cost_per_token":1,"output_cost_per_token":0},"m":{"input_cost_per_token":0.5,"output_cost_per_token":0}}"#
        )
        #expect(PriceTable(importing: file).facts(model: "m", vendor: "")?.price.input.description == "0.5")
    }

    @Test(arguments: [
        ("", 0), ("  \n", 0), ("{", 1), ("{}x", 2), ("{\"a\"", 4), ("{\"a\":}", 5), ("{\"a\":{},}", 8),
        ("{\"a\":{\"b\":01}}", 12),
        ("{\"a\":{\"b\":1.}}", 12), ("{\"a\":{\"b\":1e}}", 12), ("{\"a\":{\"b\":+1}}", 10), ("{\"a\":{\"b\":.5}}", 10),
        ("{\"a\":{\"b\":NaN}}", 10), ("{\"a\":{\"b\":tru}}", 10), ("{\"a\":{\"b\":\"\u{1}\"}}", 11),
        ("{\"a\":{\"b\":\"", 11),
        ("{\"a\":{\"b\":\"\\x\"}}", 13), ("{\"a\":{\"b\":\"\\u12\"}}", 13), ("{\"a\":{\"b\":\"\\ud800\"}}", 17),
        ("{\"a\" {}}", 5),
        ("{a:{}}", 1), ("{'a':{}}", 1), ("{\"a\":{} \"b\":{}}", 8), ("{\"a\":[1 2]}", 8), ("{\"a\":[1,]}", 8),
        ("[]", 0),
        ("model,input\n", 0), ("\u{FEFF}{}", 0),
    ])
    func `a broken file is refused with the place`(text: String, offset: Int) {
        #expect { try Self.read(text) } throws: { ($0 as? PriceImportFault)?.offset == offset }
    }

    @Test func `text that is not UTF-8 is refused`() {
        #expect(throws: PriceImportFault.self) {
            try PriceImport.read(Array("{\"a".utf8) + [0xFF] + Array("\":{}}".utf8))
        }
    }

    @Test func `nesting has a limit`() throws {
        func nested(_ levels: Int) -> String {
            "{\"m\":{\"x\":" + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}}"
        }
        #expect(try Self.read(nested(60)).unpriced == 1)
        #expect(throws: PriceImportFault.self) { try Self.read(nested(64)) }
        #expect(throws: PriceImportFault.self) {
            try Self.read("{\"m\":{\"x\":" + String(repeating: "[", count: 1_000_000))
        }
    }

    @Test func `no cut of a good file is taken for a whole one`() throws {
        let text = Array(#"{"m": {"input_cost_per_token": 1e-6, "n": [true, null, "\u00e9"]}, "k": {}}"#.utf8)
        _ = try PriceImport.read(text)
        for length in 0..<text.count {
            #expect(throws: PriceImportFault.self) { try PriceImport.read(Array(text[..<length])) }
        }
    }
}
