import Foundation
import Testing
import WeirConfig

/// Files with pieces cut out, doubled and replaced: whatever they say, reading ends, and without a document there is an error.
@Suite struct TornFileTests {
    private static let scraps = [
        "\n", "  ", "- ", ": ", "{", "}", "[", "]", "\"", "'", "#", "&a ", "*a", "<<: *a", "!!", "|\n", ">\n", "---\n",
        "${", "${X}",
        "${X:-y}", "os.environ/", "os.environ/X", "\t", "\u{0}", "\u{85}", "é", "\r\n", "? ", "%", "~", "1e999", "-1",
        "*", "model_list:",
        "include: [config.yaml]\n", "litellm_params:", "model:",
    ]

    @Test(arguments: ["vllm-runbook", "kubernetes-plan", "ops-center"])
    func `a torn file is read to its end`(name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let whole = Array(try String(contentsOf: folder.appending(path: "Fixtures/\(name).yaml"), encoding: .utf8))
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func roll(_ limit: Int) -> Int {
            // The numbers of Knuth's MMIX generator: the same tears in each run.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(limit, 1)
        }
        for _ in 0..<200 {
            var text = whole
            for _ in 0...roll(4) {
                let start = roll(text.count)
                let end = min(start + roll(40), text.count)
                switch roll(3) {
                case 0: text.removeSubrange(start..<end)
                case 1: text.insert(contentsOf: text[start..<end], at: roll(text.count))
                default: text.insert(contentsOf: TornFileTests.scraps[roll(TornFileTests.scraps.count)], at: start)
                }
            }
            let result = Reading(String(text), environment: ["X": "x"]).result
            #expect((result.document == nil) == !result.errors.isEmpty)
            #expect(result.problems.allSatisfy { !$0.message.isEmpty && $0.file == "config.yaml" })
        }
    }
}
