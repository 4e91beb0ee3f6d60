import Foundation
import Testing

@testable import WeirServer

struct SimulationOutputTests {
    private static func report() throws -> SimulationReport {
        try Rehearsal.play(
            Rehearsal.config(and: "router_settings: {num_retries: 2, allowed_fails: 2, cooldown_time: 10}\n"),
            Rehearsal.steady(20, seconds: 60), fail: ["b=down@10s-30s"])
    }

    @Test func `the JSON says what the report says`() throws {
        let report = try Self.report()
        let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        #expect(json["requests"] as? Int == report.requests)
        #expect(json["served"] as? Int == report.count(.served))
        let deployments = try #require(json["deployments"] as? [[String: Any]])
        #expect(deployments.compactMap { $0["name"] as? String } == ["a", "b", "c"])
        #expect(deployments.compactMap { $0["served"] as? Int } == report.deployments.map(\.served))
        let cooldowns = try #require(json["cooldowns"] as? [[String: Any]])
        #expect(cooldowns.count == report.cooldownCount)
        #expect(cooldowns.first?["deployment"] as? String == "b")
    }

    @Test func `the table names every deployment and every cooldown`() throws {
        let report = try Self.report()
        let lines = report.text.split(separator: "\n").map { $0.split(separator: " ") }
        for deployment in report.deployments {
            let row = try #require(lines.first { $0.first == deployment.label[...] })
            #expect(row.contains("\(deployment.served)"))
        }
        let cooldowns = lines.drop { $0.first != "cooldown" }.dropFirst()
        #expect(cooldowns.count == report.cooldownCount)
        #expect(cooldowns.allSatisfy { $0.first == "b" })
    }

    @Test func `the picture is XML with a layer for each deployment and a bar for each cooldown`() throws {
        let report = try Self.report()
        let svg = SimulationPicture(report).svg
        let parser = XMLParserProbe(svg)
        #expect(parser.isWellFormed)
        #expect(parser.titles.filter { ["a", "b", "c"].contains($0) }.sorted() == ["a", "b", "c"])
        #expect(parser.titles.filter { $0.hasPrefix("b rests") }.count == report.cooldowns.count)
    }

    @Test func `names with signs of XML do not break the picture`() throws {
        let yaml = """
            model_list:
              - {model_name: m, litellm_params: {model: openai/x, api_key: k}, model_info: {id: "<a&\\"b>"}}

            """
        let report = try Rehearsal.play(yaml, Rehearsal.steady(5, seconds: 10))
        #expect(XMLParserProbe(SimulationPicture(report).svg).titles.contains("<a&\"b>"))
    }

    @Test func `percentiles are right within 1_6 percent`() {
        var tally = LatencyTally()
        for value in 1...100_000 { tally.add(UInt64(value) * 10_000) }
        for (share, exact) in [(0.5, 5e8), (0.95, 9.5e8), (0.99, 9.9e8)] {
            #expect(abs(Double(tally.percentile(share)) / exact - 1) < 0.016)
        }
        #expect(tally.percentile(1) <= 1_000_000_000)
        #expect(LatencyTally().percentile(0.5) == 0)
    }
}

/// Whether a text is XML, and the titles in it, without a parser of the system: tags must match.
private struct XMLParserProbe {
    private(set) var isWellFormed = true
    private(set) var titles: [String] = []

    init(_ text: String) {
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let content = rest[..<start]
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if content.contains(">") { isWellFormed = false }
            if tag.hasPrefix("/") {
                if open.popLast() != tag.dropFirst() { isWellFormed = false }
                if tag == "/title" { titles.append(Self.plain(content)) }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
        }
        if !open.isEmpty { isWellFormed = false }
    }

    private static func plain(_ text: Substring) -> String {
        text.replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
            .replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&amp;", with: "&")
    }
}
