import NIOCore
import WeirCore
import WeirWire

/// What the mock does for a request: a pure function of it.
struct MockScript {
    let request: MockRequest
    let settings: MockSettings
    /// Seconds since 1970, for headers that are dates.
    let now: UInt64
    /// How many requests the connection has brought, this one included.
    let turn: Int

    /// Lets what was sent reach the reader before a reset takes it away: 30 ms.
    private static let settle = MockStep.wait(nanoseconds: 30_000_000)

    private var scenario: MockScenario { request.choice.scenario }
    private var count: Int? { request.choice.count }
    private var duration: UInt64? { request.choice.duration }

    var steps: [MockStep] {
        let steps = replySteps
        guard settings.delay != .none, scenario != .refuse else { return steps }
        return [.wait(nanoseconds: settings.delay.nanoseconds)] + steps
    }

    private var replySteps: [MockStep] {
        if scenario == .refuse { return [.close] }
        guard let operation = request.operation else { return fault(MockFault.unknownPath(request)).steps }
        guard request.method == operation.method else { return fault(MockFault.wrongMethod).steps }
        let isVersioned = request.path.hasPrefix("/v1/")
        if scenario == .rootOnly && isVersioned || scenario == .versionOnly && !isVersioned {
            return fault(MockFault.unknownPath(request)).steps
        }
        if scenario == .modelsError, operation != .models { return answer.steps }
        if let known = MockFault.of(request, now: now) { return fault(known).steps }
        return brokenSteps ?? ahead + message.steps + behind
    }

    /// What precedes a complete reply.
    private var ahead: [MockStep] {
        guard scenario == .continueFirst else { return [] }
        let hints = "HTTP/1.1 103 Early Hints\r\nlink: </mock>; rel=preload\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        return [.send(Bytes(string: hints)), Self.settle]
    }

    // MARK: Replies that break off

    private var brokenSteps: [MockStep]? {
        let answer = answer
        switch scenario {
        case .resetBeforeHead: return [.reset]
        case .resetInHead:
            let head = answer.head
            return [.send(head.getSlice(at: 0, length: head.readableBytes / 2) ?? head), Self.settle, .reset]
        case .resetAfterHead: return [.send(answer.head), Self.settle, .reset]
        case .resetMidStream: return answer.broken(after: count, by: [Self.settle, .reset])
        case .closeMidStream: return answer.broken(after: count, by: [Self.settle, .close])
        case .stallBeforeHead: return duration.map { [.wait(nanoseconds: $0)] + answer.steps } ?? [.stall]
        case .stallMidStream:
            guard let duration else { return answer.broken(after: count, by: [.stall]) }
            return answer.broken(after: count, by: [.wait(nanoseconds: duration)], goesOn: true)
        case .oneByteAtATime: return bytewise(answer.steps)
        case .garbage:
            return [.send(Bytes(string: "\u{16}\u{03}\u{01} this is not HTTP\r\n\r\n")), Self.settle, .close]
        case .keepaliveStale where turn > 1: return [.close]
        default: return nil
        }
    }

    /// What follows a complete reply.
    private var behind: [MockStep] {
        switch scenario {
        case .keepaliveClose, .lengthTooLong: [.close]
        default: []
        }
    }

    private func bytewise(_ steps: [MockStep]) -> [MockStep] {
        let pause = MockStep.wait(nanoseconds: duration ?? 50_000)
        return steps.flatMap { step -> [MockStep] in
            guard case .send(let bytes) = step else { return [step] }
            return bytes.readableBytesView.flatMap { [.send(Bytes(integer: $0)), pause] }
        }
    }

    // MARK: Complete replies

    private func fault(_ fault: MockFault) -> MockMessage {
        MockMessage(
            status: fault.status, fields: [("content-type", fault.contentType)] + fault.fields, pieces: [fault.body])
    }

    /// A correct answer, but for what the scenario changes in its text, its usage and its pace.
    private var answer: MockMessage { request.streams ? stream(events) : whole }

    private var text: String {
        switch scenario {
        case .echoHeaders:
            var json = JSONWriter()
            json.beginObject()
            for (name, value) in request.headers {
                json.key(name)
                json.string(value)
            }
            json.endObject()
            return String(buffer: json.buffer)
        case .bigReply:
            // Without spaces inside of a piece, so that a stream of it has pieces of 64 KiB.
            let size = count ?? 5 << 20
            let piece = String(repeating: "big-reply.", count: 6553)
            return Array(repeating: piece, count: size / 65_536 + 1).joined(separator: " ")
        default: return request.description
        }
    }

    private var whole: MockMessage {
        let (contentType, body) = MockAnswer(request: request, text: text).whole(withUsage: scenario != .noUsage)
        var message = MockMessage(fields: [("content-type", contentType)], pieces: [body])
        if scenario == .slow {
            // A slow answer that is no stream comes late.
            message.pieces = [Bytes(), body]
            message.interval = duration ?? 500_000_000
        }
        return message
    }

    private var events: [Bytes] {
        var pieces = settings.pieces
        if [.ok, .slow].contains(scenario), let count { pieces = count }
        if scenario == .slow, pieces == nil { pieces = 20 }
        let withUsage = (request.wantsUsage || scenario == .usageAlways) && scenario != .noUsage
        return MockAnswer(request: request, text: text)
            .events(pieces: pieces.map { min(max($0, 1), MockSettings.mostPieces) }, withUsage: withUsage)
            + (request.operation == .responses || scenario == .noDone ? [] : [MockAnswer.done])
    }

    private func stream(_ events: [Bytes]) -> MockMessage {
        let interval = scenario == .slow ? duration ?? 100_000_000 : settings.interval.nanoseconds
        return MockMessage(
            fields: [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache")],
            framing: .chunked, pieces: events, interval: interval)
    }

    private var message: MockMessage {
        var message = answer
        switch scenario {
        case .lengthTooLong: message.framing = .wrongLength(by: 100)
        case .lengthTooShort: message.framing = .wrongLength(by: -10)
        case .hugeHeader: message.fields.append(("x-huge", String(repeating: "a", count: count ?? 70 << 10)))
        case .manyHeaders:
            message.fields += (0..<min(count ?? 150, 100_000)).map { ("x-many-\($0)", "value \($0)") }
        case .errorInStream, .errorFirstInStream:
            guard request.streams else { return fault(.inBody(status: 200)) }
            let before = scenario == .errorInStream ? events.prefix(count ?? 3) : []
            message = stream(before + [MockAnswer.event(MockFault.inBody(status: 200).body)])
        case .cutMidEvent: cut(&message)
        case .doubleDone: message.pieces.append(contentsOf: request.streams ? [MockAnswer.done] : [])
        case .crlfEvents where request.streams: message.pieces = message.pieces.map(Self.withCarriageReturns)
        case .comments: comment(&message)
        case .emptyChoicesFirst where request.streams:
            let first =
                #"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}"#
            message.pieces.insert(MockAnswer.event(Bytes(string: first)), at: 0)
        case .chunkedJSON: chunk(&message, by: 16)
        case .bigReply where !request.streams: chunk(&message, by: 65_536)
        case .closeDelimitedJSON: message.framing = .untilClose
        case .gzip:
            message.pieces = [StoredGzip.encode(Self.joined(message.pieces))]
            message.framing = .length
            message.fields.append(("content-encoding", "gzip"))
        default: break
        }
        return message
    }

    /// Everything after the middle of the third event, or of the JSON, is left out; the framing is whole.
    private func cut(_ message: inout MockMessage) {
        if request.streams { message.pieces = Array(message.pieces.prefix(count ?? 3)) }
        guard let last = message.pieces.popLast() else { return }
        message.pieces.append(last.getSlice(at: last.readerIndex, length: last.readableBytes / 2) ?? last)
    }

    private func comment(_ message: inout MockMessage) {
        let comment = Bytes(string: request.streams ? ": OPENROUTER PROCESSING\n\n" : "\n         \n")
        message.pieces = message.pieces.flatMap { [comment, $0] }
    }

    private func chunk(_ message: inout MockMessage, by size: Int) {
        let body = Self.joined(message.pieces)
        message.framing = .chunked
        message.pieces = stride(from: 0, to: body.readableBytes, by: size).compactMap {
            body.getSlice(at: $0, length: min(size, body.readableBytes - $0))
        }
    }

    private static func withCarriageReturns(_ event: Bytes) -> Bytes {
        Bytes(bytes: event.readableBytesView.flatMap { $0 == 10 ? [13, 10] : [$0] })
    }

    private static func joined(_ pieces: [Bytes]) -> Bytes {
        pieces.reduce(into: Bytes()) { $0.writeImmutableBuffer($1) }
    }
}
