/// How the mock upstream behaves for one request.
package enum MockScenario: String, Sendable, CaseIterable {
    case ok, slow, refuse
    case resetBeforeHead = "reset-before-head"
    case resetInHead = "reset-in-head"
    case resetAfterHead = "reset-after-head"
    case resetMidStream = "reset-mid-stream"
    case closeMidStream = "close-mid-stream"
    case stallBeforeHead = "stall-before-head"
    case stallMidStream = "stall-mid-stream"
    case oneByteAtATime = "one-byte-at-a-time"
    case garbage
    case lengthTooLong = "length-too-long"
    case lengthTooShort = "length-too-short"
    case hugeHeader = "huge-header"
    case manyHeaders = "many-headers"
    case errorIn200 = "error-in-200"
    case errorInStream = "error-in-stream"
    case errorFirstInStream = "error-first-in-stream"
    case unauthorized = "401"
    case forbidden = "403"
    case notFound = "404"
    case modelNotFound = "404-model"
    case requestTimeout = "408"
    case tooLarge = "413"
    case unprocessable = "422"
    case tooManyRequests = "429"
    case tooManyUntilDate = "429-date"
    case serverError = "500"
    case badGatewayPage = "502-html"
    case unavailable = "503"
    case overloaded = "529"
    case cutMidEvent = "cut-mid-event"
    case noDone = "no-done"
    case doubleDone = "double-done"
    case noUsage = "no-usage"
    case usageAlways = "usage-always"
    case crlfEvents = "crlf-events"
    case comments
    case emptyChoicesFirst = "empty-choices-first"
    case chunkedJSON = "chunked-json"
    case closeDelimitedJSON = "close-delimited-json"
    case gzip
    case keepaliveClose = "keepalive-close"
    case keepaliveStale = "keepalive-stale"
    case continueFirst = "100-continue-first"
    case echoSecret = "echo-secret"
    case echoHeaders = "echo-headers"
    case rootOnly = "root-only"
    case versionOnly = "v1-only"
    case bigReply = "big-reply"
    case modelsError = "models-500"

    /// What it does, in one line.
    package var summary: String {
        switch self {
        case .ok: "a correct answer that tells what the request was; :20 = pieces of a stream"
        case .slow: "a stream of 20 pieces, 100 ms apart; :250ms = between pieces, :1000 = pieces"
        case .refuse: "closes the connection as soon as a request's head is there"
        case .resetBeforeHead: "resets the connection (RST) after the request, before a byte of the reply"
        case .resetInHead: "resets in the middle of the reply's head"
        case .resetAfterHead: "resets behind the reply's head"
        case .resetMidStream: "resets in the middle of the reply's body"
        case .closeMidStream: "closes (FIN) in the middle of the reply's body, without its terminator"
        case .stallBeforeHead: "never answers, until the client leaves; :500ms = answers after that"
        case .stallMidStream: "stops in the middle of the body until the client leaves; :500ms = goes on after that"
        case .oneByteAtATime: "a correct answer, head and body, byte by byte; :1ms = between bytes"
        case .garbage: "answers with bytes that are not HTTP"
        case .lengthTooLong: "announces 100 bytes more than it sends, then closes"
        case .lengthTooShort: "announces 10 bytes less than it sends"
        case .hugeHeader: "a correct answer with a header line of 70 KiB; :1000 = bytes"
        case .manyHeaders: "a correct answer with 150 more header lines; :1000 = lines"
        case .errorIn200: "an error as JSON, with status 200"
        case .errorInStream: "a stream that says after two pieces that it failed"
        case .errorFirstInStream: "a stream, status 200, whose first event is an error"
        case .unauthorized: "401, the key is wrong"
        case .forbidden: "403"
        case .notFound: "404, not in OpenAI's form"
        case .modelNotFound: "404, the model does not exist"
        case .requestTimeout: "408"
        case .tooLarge: "413, not in OpenAI's form"
        case .unprocessable: "422, with FastAPI's list of details"
        case .tooManyRequests: "429 with Retry-After: 7 and rate limit headers; :30 = seconds"
        case .tooManyUntilDate: "429 with a Retry-After that is a date 7 seconds ahead; :30 = seconds"
        case .serverError: "500"
        case .badGatewayPage: "502 with a page of HTML"
        case .unavailable: "503 with Retry-After: 3; :30 = seconds"
        case .overloaded: "529, Anthropic's overloaded_error"
        case .cutMidEvent: "a body that is complete for HTTP and ends in the middle of an event, or of its JSON"
        case .noDone: "a finished stream without [DONE]"
        case .doubleDone: "a stream with [DONE] twice"
        case .noUsage: "no usage, even when asked for"
        case .usageAlways: "a stream with usage although nobody asked"
        case .crlfEvents: "a stream whose lines end in CRLF"
        case .comments: "a stream with OpenRouter's comment lines; JSON with white space in front"
        case .emptyChoicesFirst: "a stream whose first event has no choices, as Azure's"
        case .chunkedJSON: "JSON in chunks of 16 bytes"
        case .closeDelimitedJSON: "JSON without length or chunks, ended by closing"
        case .gzip: "a body in gzip, asked for or not"
        case .keepaliveClose: "a correct answer, behind which the connection is closed at once, unannounced"
        case .keepaliveStale: "answers the first request of a connection, closes it on the second"
        case .continueFirst: "sends 103 and 100 before the answer"
        case .echoSecret: "400 with the request's Authorization and api-key in its text"
        case .echoHeaders: "an answer whose text is the request's headers as JSON"
        case .rootOnly: "knows its paths only without /v1"
        case .versionOnly: "knows its paths only with /v1"
        case .bigReply: "5 MiB of JSON without a length; :1000 = bytes"
        case .modelsError: "500 for the list of models, all else is well"
        }
    }
}

/// A scenario with what was given to it behind a colon.
package struct MockChoice: Sendable, Equatable {
    package let scenario: MockScenario
    /// Nanoseconds, of `:500ms` or `:2s`.
    package private(set) var duration: UInt64?
    /// Of `:7`.
    package private(set) var count: Int?

    package init(_ scenario: MockScenario) { self.scenario = scenario }

    /// Reads `NAME`, `NAME:500ms`, `NAME:2s`, `NAME:7`; nil for anything else. Durations go up to an hour, counts to 64 Mi.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, let scenario = MockScenario(rawValue: String(name)) else { return nil }
        self.scenario = scenario
        guard parts.count == 2, let given = parts.last else { return }
        let digits = given.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number <= 64 << 20 else { return nil }
        switch given.dropFirst(digits.count) {
        case "": count = number
        case "ms" where number <= 3_600_000: duration = UInt64(number) * 1_000_000
        case "s" where number <= 3_600: duration = UInt64(number) * 1_000_000_000
        default: return nil
        }
    }
}
