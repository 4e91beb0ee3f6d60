import Foundation
import Testing
import WeirAccounting
import WeirCore

/// Weir's own form of a price file.
struct PriceFileTests {
    static let head =
        "model,provider,mode,input,output,cached_input,reasoning,max_input_tokens,max_output_tokens,tiers,supports\n"

    static func read(_ rows: String) throws(PriceImportFault) -> PriceImport {
        try PriceImport.read(Array((head + rows).utf8))
    }

    @Test func `the built-in table is a price file, and is written as it was read`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "data/prices.csv"), encoding: .utf8)
        let file = try PriceImport.read(Array(text.utf8))
        #expect(file.problems.isEmpty)
        #expect(file.entries.count == PriceTable.builtInCount)
        let plain = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n") + "\n"
        #expect(String(decoding: file.csv, as: UTF8.self) == plain)
        #expect(try PriceImport.read(file.csv).entries == file.entries)
    }

    @Test func `what was imported from LiteLLM's form survives Weir's`() throws {
        let json = #"""
            {"acme/a": {"input_cost_per_token": 1.234567890123e-07, "output_cost_per_token": 1e-18, "litellm_provider": "acme",
              "mode": "chat", "cache_read_input_token_cost": 0, "input_cost_per_token_above_32k_tokens": 2e-7,
              "supports_pdf_input": true, "max_tokens": 7},
             "b": {"input_cost_per_token": 0.5, "output_cost_per_token": 1, "litellm_provider": "acme"}}
            """#
        let file = try PriceImport.read(Array(json.utf8))
        #expect(file.entries.count == 2)
        #expect(try PriceImport.read(file.csv).entries == file.entries)
    }

    @Test func `comments, blank lines and foreign line ends are no rows`() throws {
        let file = try PriceImport.read(
            Array(("# a note\r\n\r\n" + Self.head.dropLast() + "\r\n# x\r\n\r\nm,p,chat,1,2,,,,,,\r\n").utf8))
        #expect(file.entries.map(\.key) == ["m"])
        #expect(file.problems.isEmpty)
    }

    @Test(arguments: [
        ("m,p,chat,1,2,,,,,", "10 fields instead of 11"), ("m,p,chat,1,2,,,,,,,", "12 fields instead of 11"),
        ("m", "1 fields instead of 11"),
        (",p,chat,1,2,,,,,,", "the name is empty"),
        ("m,p,video,1,2,,,,,,", "the mode video is not one with a price per token"),
        ("m,p,chat,,2,,,,,,", "input or output has no price"), ("m,p,chat,1,,,,,,,", "input or output has no price"),
        ("m,p,chat,x,2,,,,,,", "input is not a number with at most 12 decimals: x"),
        ("m,p,chat,-1,2,,,,,,", "input is not between 0 and 1000000 dollars per million tokens"),
        ("m,p,chat,1000001,2,,,,,,", "input is not between 0 and 1000000 dollars per million tokens"),
        ("m,p,chat,1,0.0000000000001,,,,,,", "output is not a number with at most 12 decimals: 0.0000000000001"),
        ("m,p,chat,1,2,,,0,,,", "max_input_tokens is not a number of tokens: 0"),
        ("m,p,chat,1,2,,,,many,,", "max_output_tokens is not a number of tokens: many"),
        ("m,p,chat,1,2,,,,,,A", "supports holds an unknown letter"),
        ("m,p,chat,1,2,,,,,5,", "a tier is not TOKENS:INPUT/OUTPUT/CACHED: 5"),
        ("m,p,chat,1,2,,,,,:5,", "a tier is not TOKENS:INPUT/OUTPUT/CACHED: :5"),
        ("m,p,chat,1,2,,,,,5:1/2/3/4,", "a tier has more than 3 prices: 5:1/2/3/4"),
        ("m,p,chat,1,2,,,,,5:1;5:2,", "tiers do not ascend, or are more than 8"),
    ])
    func `a bad row is a problem and the next row is read`(row: String, reason: String) throws {
        let file = try Self.read(row + "\nnext,p,chat,1,2,,,,,,\n")
        #expect(file.problems.map(\.reason) == [reason])
        #expect(file.entries.map(\.key) == ["next"])
    }

    @Test func `bytes that are not UTF-8 are a problem`() throws {
        let file = try PriceImport.read(Array(Self.head.utf8) + [0xFF] + Array(",p,chat,1,2,,,,,,\n".utf8))
        #expect(file.problems.count == 1)
    }

    @Test(arguments: ["m,p,chat,1,2,,,,,,\n", "# only a comment\n", "model;provider\n"])
    func `a file without the line of names is refused`(text: String) {
        #expect(throws: PriceImportFault.self) { try PriceImport.read(Array(text.utf8)) }
    }
}
