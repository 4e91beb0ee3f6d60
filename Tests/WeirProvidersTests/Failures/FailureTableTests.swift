import NIOCore
import Testing
import WeirCore
import WeirProviders

struct FailureTableTests {
    @Test(arguments: FailureCase.all)
    func `an answer means what its vendor means by it`(sample: FailureCase) {
        let row = FailureTable.rows[FailureTable.row(for: sample.answer, vendor: sample.vendor)]
        #expect(row.fact == sample.fact)
        let failure = FailureTable.failure(
            of: FailureCase.fault(sample.answer), vendor: sample.vendor, wall: FailureCase.wall)
        #expect(failure.kind == sample.kind)
    }

    @Test func `no row is dead and no fact told twice`() {
        let hit = Set(FailureCase.all.map { FailureTable.row(for: $0.answer, vendor: $0.vendor) })
        #expect(FailureTable.rows.indices.filter { !hit.contains($0) }.map { FailureTable.rows[$0].fact } == [])
        #expect(Set(FailureTable.rows.map(\.fact)).count == FailureTable.rows.count)
    }

    @Test func `the last row holds always`() throws {
        let last = try #require(FailureTable.rows.last)
        #expect(last.vendors + last.codes + last.phrases == [])
        #expect(last.statuses.isEmpty && last.field == nil)
        #expect(last.kind == .serverError)
    }

    @Test(arguments: FailureTable.rows)
    func `what is looked for is written in small letters`(row: FailureRow) {
        let texts = row.codes + row.phrases + row.vendors + [row.field ?? ""]
        #expect(texts.allSatisfy { $0 == $0.lowercased() && !$0.contains("\n") })
        #expect(row.phrases.allSatisfy { $0.count >= 5 })
    }

    @Test(arguments: FailureTable.rows)
    func `words in the middle of a caller's error harm no deployment`(row: FailureRow) {
        guard row.kind.coolsDown, row.codes.isEmpty, !row.phrases.isEmpty else { return }
        let callers = [400, 404, 413, 422]
        let isCallers =
            row.statuses.isEmpty || callers.contains { status in row.statuses.contains { $0.contains(status) } }
        #expect(!isCallers || row.phrases.allSatisfy { $0.hasPrefix("^") })
    }

    @Test(arguments: ["openai", "anthropic", "gemini", "deepseek", "xai", "litellm_proxy", "bedrock", "azure"])
    func `a caller cannot send a deployment to rest with words that are repeated to it`(vendor: String) {
        let words = FailureTable.rows.flatMap { $0.phrases + $0.codes }.map {
            $0.replacing("^", with: "").replacing("*", with: "5")
        }
        for word in words {
            let bodies = [
                #"{"error":{"message":"Invalid value: '\#(word)'","type":"invalid_request_error","code":"invalid_value"}}"#,
                #"{"detail":[{"type":"enum","loc":["body","x"],"msg":"Not one of these: '\#(word)'","input":"\#(word)"}]}"#,
                #"{"detail":[{"type":"missing","input":{"error":{"code":"\#(word)","message":"\#(word)"}}}]}"#,
                #"{"error":{"message":"bad \"\#(word)\"","failed_generation":"\#(word)","param":"\#(word)"}}"#,
            ]
            for status in [400, 422] {
                for body in bodies {
                    let fault = FailureCase.fault(FailureCase.answer(status, body))
                    let failure = FailureTable.failure(of: fault, vendor: vendor, wall: FailureCase.wall)
                    #expect(failure.kind.isClients, "\(word) in \(body)")
                    #expect(failure.retryAfter == nil)
                }
            }
        }
    }

    @Test(arguments: [
        (FaultCode.upstreamRefused, FailureClass.connection), (.upstreamReset, .connection),
        (.upstreamGarbled, .connection), (.upstreamTimeout, .timeout), (.upstreamError, .serverError),
        (.contextTooLarge, .contextWindow), (.clientLeft, .badRequest), (.invalidParameter, .badRequest),
        (.notSupported, .badRequest), (.shuttingDown, .badRequest), (.internalError, .badRequest),
    ])
    func `without an answer the fault's code decides`(code: FaultCode, kind: FailureClass) {
        let fault = GatewayFault(code, "x")
        #expect(FailureTable.failure(of: fault, vendor: "openai", wall: 0) == Failure(kind))
    }

    @Test func `every fault that is not the upstream's harms nobody`() {
        for code in FaultCode.allCases where code.source != .upstream {
            let kind = FailureTable.failure(of: GatewayFault(code, "x", retryAfter: 5), vendor: "openai", wall: 0)
            #expect(kind.kind.isClients && kind.retryAfter == nil)
        }
    }

    @Test func `a wait that the fault knows is kept where waiting helps`() {
        func failure(_ code: FaultCode, _ wait: UInt64, _ answer: UpstreamAnswer? = nil) -> Failure {
            FailureTable.failure(
                of: GatewayFault(code, "x", upstream: answer, retryAfter: wait), vendor: "openai", wall: 0)
        }
        #expect(failure(.upstreamRefused, 7) == Failure(.connection, retryAfter: 7))
        #expect(failure(.upstreamRefused, .max).retryAfter == RetryAfter.longest)
        #expect(failure(.upstreamRefused, 0).retryAfter == nil)
        #expect(failure(.upstreamError, 7, FailureCase.answer(503, "")).retryAfter == 7)
        let told = FailureCase.answer(503, "", "retry-after: 2")
        #expect(failure(.upstreamError, 7, told).retryAfter == 2_000_000_000)
    }

    @Test func `a model that the caller named and nobody knows is the caller's fault`() {
        let fault = FailureCase.fault(FailureCase.answer(404, FailureCase.error("x", code: "model_not_found")))
        let own = FailureTable.failure(of: fault, vendor: "openai", wall: 0)
        let callers = FailureTable.failure(of: fault, vendor: "openai", wall: 0, clientNamesModel: true)
        #expect(own.kind == .notFound)
        #expect(callers.kind == .badRequest)
    }

    // MARK: Odd bodies

    private func kind(_ status: Int, _ body: String) -> FailureClass {
        let fault = FailureCase.fault(FailureCase.answer(status, body))
        return FailureTable.failure(of: fault, vendor: "openai", wall: FailureCase.wall).kind
    }

    @Test(arguments: FailureCase.all)
    func `a body that breaks off is read as far as it goes`(sample: FailureCase) {
        for length in 0...sample.body.utf8.count {
            let cut = FailureCase.answer(sample.status, String(sample.body.prefix(length)), sample.fields)
            let row = FailureTable.row(for: cut, vendor: sample.vendor)
            #expect(FailureTable.rows.indices.contains(row))
        }
    }

    @Test func `an error is recognized although its body breaks off behind it`() {
        #expect(kind(400, #"{"error":{"code":"context_length_exceeded","message":"too lo"#) == .contextWindow)
        #expect(kind(429, #"{"error":{"code":"insufficient_quota","message":"#) == .quotaExhausted)
    }

    @Test(arguments: [
        "{", "[", "\"", "}", "]", "{}", "[]", "null", "\u{FEFF}{}", #"{"error"}"#, #"{"error":}"#, #"{"error":"\"#,
        #"{"":""}"#, "{\"a\":\"\\", "[[[[", "}}}}{{{{", #"{"error":{"code":{"code":"insufficient_quota"}}}"#,
        #"{"echo":{"error":{"code":"insufficient_quota"}}}"#, #"{"choices":["insufficient_quota"]}"#,
        #"{"error":{"code":null,"message":null,"type":true}}"#,
    ])
    func `a body without meaning leaves the status to decide`(body: String) {
        #expect(kind(400, body) == .badRequest)
        #expect(kind(500, body) == .serverError)
        #expect(kind(429, body) == .rateLimited)
    }

    @Test func `brackets without end are no trouble`() {
        #expect(kind(500, String(repeating: "[", count: 100_000)) == .serverError)
        #expect(kind(500, String(repeating: #"{"error":"#, count: 20_000)) == .serverError)
        let deep = String(repeating: #"{"error":"#, count: 8) + #"{"code":"overloaded_error"}"#
        #expect(kind(500, deep) == .overloaded)
    }

    @Test func `the byte order mark and white space before a body do not hide it`() {
        #expect(kind(400, "\u{FEFF} \r\n {\"error\":{\"code\":\"context_length_exceeded\"}}") == .contextWindow)
    }

    @Test func `only the beginning of a body is read`() {
        let filler = String(repeating: "x", count: 17_000)
        #expect(kind(429, #"{"pad":"\#(filler)","error":{"code":"insufficient_quota"}}"#) == .rateLimited)
        #expect(
            kind(429, #"{"pad":"short","error":{"code":"insufficient_quota","x":"\#(filler)"}}"#) == .quotaExhausted)
        #expect(kind(400, filler + "maximum context length") == .badRequest)
    }

    @Test func `a text cannot make itself look like the beginning of another`() {
        let body = #"{"error":{"message":"bad\nYour credit balance is too low"}}"#
        let raw = "{\"error\":{\"message\":\"bad\nYour credit balance is too low\"}}"
        for body in [body, raw] {
            let fault = FailureCase.fault(FailureCase.answer(400, body))
            #expect(FailureTable.failure(of: fault, vendor: "anthropic", wall: 0).kind == .badRequest)
        }
    }

    @Test func `the parts of a phrase must stand in one text`() {
        let apart = #"{"error":{"message":"current length is 5","detail":"while limit is 4"}}"#
        let turned = #"{"error":{"message":"while limit is 4, current length is 5"}}"#
        let later = #"{"error":{"message":"current length is 5","detail":"Current length is 5 while limit is 4"}}"#
        #expect(kind(400, apart) == .badRequest)
        #expect(kind(400, turned) == .badRequest)
        #expect(kind(400, later) == .contextWindow)
    }

    @Test func `random bytes are read without harm`() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let alphabet = Array("{}[]\",:\\ \nerrorcdmsgtyp0159^*\u{80}".utf8)
        for _ in 0..<3000 {
            let bytes = (0..<Int(next() % 200)).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] }
            let answer = UpstreamAnswer(
                status: Int(next() % 700), fields: Bytes(bytes: bytes), body: Bytes(bytes: bytes), isJSON: true)
            let failure = FailureTable.failure(
                of: FailureCase.fault(answer), vendor: "gemini", wall: FailureCase.wall)
            #expect((failure.retryAfter ?? 1) > 0)
        }
    }
}
