import Testing

@testable import WeirServer

struct TraceReaderTests {
    private static func read(_ text: String) throws -> Traffic {
        try Array(text.utf8).withUnsafeBytes { try TraceReader.read($0, name: "trace.jsonl") }
    }

    @Test func `lines become requests in the order of time`() throws {
        let traffic = try Self.read(
            """
            {"t": 2, "model": "b", "tokens_in": 7, "tokens_out": 3, "stream": true, "key": "k", "tags": ["x"]}

            {"t": 0.5, "model": "a"}\r
            {"model": "a", "t": 1e0, "other": {"x": [1]}, "session": "s"}
            """)
        var cursor = TrafficCursor(traffic, SimulationChance(seed: 1, stream: 1))
        var requests: [Traffic.Request] = []
        while let request = cursor.take() { requests.append(request) }
        #expect(requests.map(\.at) == [500_000_000, 1_000_000_000, 2_000_000_000])
        #expect(requests.map { traffic.profiles[Int($0.profile)].model } == ["a", "a", "b"])
        #expect(requests[1].session != 0)
        #expect(requests[2].tokensIn == 7 && requests[2].tokensOut == 3)
        #expect(traffic.profiles[0] == .init(model: "b", streams: true, key: "k", tags: ["x"]))
    }

    @Test(arguments: [
        ("{\"t\": 1}", "line 2: `model`"), ("{\"t\": -1, \"model\": \"a\"}", "line 2: `t`"),
        ("{\"model\": \"a\"}", "line 2: `t`"), ("{\"t\": 1, \"model\": \"a\"", "line 2: the text ends too early"),
        ("[]", "line 2: a JSON object"), ("{\"t\": 1, \"model\": \"a\", \"tokens_in\": -1}", "line 2: `tokens_in`"),
        ("{\"t\": 1, \"model\": \"a\", \"stream\": 1}", "line 2: `stream`"),
        ("{\"t\": 1, \"model\": \"a\", \"tags\": [1]}", "line 2: `tags`"),
        ("{\"t\": \"1\", \"model\": \"a\"}", "line 2: `t`"), ("{\"t\": 1, \"model\": 5}", "line 2: `model`"),
    ])
    func `a bad line is named`(line: String, hint: String) {
        #expect { try Self.read("{\"t\": 0, \"model\": \"a\"}\n\(line)\n") } throws: {
            "\($0)".contains("trace.jsonl, \(hint)")
        }
    }

    @Test func `an empty trace says what a line looks like`() {
        #expect { try Self.read("\n \n") } throws: { "\($0)".contains("\"model\"") }
    }

    @Test func `models that nobody serves are counted, and refused when there are no others`() throws {
        let mixed = try Self.read("{\"t\": 0, \"model\": \"m\"}\n{\"t\": 1, \"model\": \"gone\"}\n")
        let report = try Rehearsal.play(Rehearsal.config(), mixed)
        #expect(report.count(.served) == 1)
        #expect(report.count(.modelUnknown) == 1)
        let gone = try Self.read("{\"t\": 1, \"model\": \"gone\"}\n")
        let rooms = try Rehearsal.rooms(Rehearsal.config())
        #expect { try SimulationPlan().play(gone, in: rooms) } throws: { "\($0)".contains("'gone'") }
        let typed = Rehearsal.steady(1, seconds: 1, ["m", "gone"])
        #expect { try SimulationPlan().play(typed, in: rooms) } throws: { "\($0)".contains("'gone'") }
    }
}
