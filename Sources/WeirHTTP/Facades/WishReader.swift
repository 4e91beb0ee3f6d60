import NIOCore
import WeirCore
import WeirPipeline
import WeirRouting
import WeirWire

/// Reads what a client asks of the gateway itself: header fields `x-litellm-…` and `x-weir-…`, and members of the body that
/// LiteLLM knows and no upstream gets to see. A field stands above a member only where the member is missing.
enum WishReader {
    /// The longest time that a client may ask for, in seconds: a day.
    private static let longestSeconds = 86_400
    /// More tags or fallbacks than this are refused.
    private static let longestList = 64

    private enum Wish: CaseIterable {
        case timeout, streamTimeout, retries, fallbacks, contextFallbacks, policyFallbacks, noFallbacks, tags, priority
        case session, litellmSession, region
        case mock, mockContext, mockPolicy, mockRateLimit

        var name: StaticString {
            switch self {
            case .timeout: "timeout"
            case .streamTimeout: "stream_timeout"
            case .retries: "num_retries"
            case .fallbacks: "fallbacks"
            case .contextFallbacks: "context_window_fallbacks"
            case .policyFallbacks: "content_policy_fallbacks"
            case .noFallbacks: "disable_fallbacks"
            case .tags: "tags"
            case .priority: "priority"
            case .session: "session_id"
            case .litellmSession: "litellm_session_id"
            case .region: "allowed_model_region"
            case .mock: "mock_testing_fallbacks"
            case .mockContext: "mock_testing_context_fallbacks"
            case .mockPolicy: "mock_testing_content_policy_fallbacks"
            case .mockRateLimit: "mock_testing_rate_limit_error"
            }
        }
    }

    private static let lengths = Set(Wish.allCases.map(\.name.utf8CodeUnitCount))

    /// What was asked for, gathered until it can be made into one value.
    private struct Draft {
        var wishes = CallWishes()
        var retries: Int?
        var fallbacks: [String]?
        var contextFallbacks: [String]?
        var policyFallbacks: [String]?
        var isWithoutFallbacks = false
        var mock: RouteOverrides.MockFailure?

        func made() -> CallWishes {
            let says =
                retries != nil || fallbacks != nil || contextFallbacks != nil || policyFallbacks != nil
                || isWithoutFallbacks || mock != nil
            if says {
                wishes.overrides = RouteOverrides(
                    numRetries: retries, fallbacks: fallbacks, contextWindowFallbacks: contextFallbacks,
                    contentPolicyFallbacks: policyFallbacks, disablesFallbacks: isWithoutFallbacks, mockFailure: mock)
            }
            return wishes
        }
    }

    /// The wishes, and the call without the members that tell them; nil when there are none. Throws `invalidParameter`.
    static func read(
        _ call: ModelCall, _ head: RequestHead?, _ bytes: Bytes
    ) throws(GatewayFault) -> (wishes: CallWishes, call: ModelCall)? {
        let members = call.operation.isMultipart ? [] : members(of: call)
        guard !members.isEmpty || head?.hasGatewayFields == true else { return nil }
        var draft = Draft()
        if let head, head.hasGatewayFields {
            try bytes.withUnsafeReadableBytes { raw throws(GatewayFault) in try readFields(head, raw, &draft) }
        }
        try call.body.withUnsafeReadableBytes { raw throws(GatewayFault) in
            for (wish, member) in members where !JSONText.isNull(raw, member.value) {
                try read(wish, member.value, raw, &draft)
            }
        }
        guard !members.isEmpty else { return (draft.made(), call) }
        return (draft.made(), try without(members.map(\.member), call))
    }

    private static func members(of call: ModelCall) -> [(wish: Wish, member: JSONMember)] {
        call.body.withUnsafeReadableBytes { bytes in
            var found: [(Wish, JSONMember)] = []
            for member in call.members where lengths.contains(member.key.count) {
                for wish in Wish.allCases where JSONText.equals(bytes, member.key, wish.name) {
                    found.append((wish, member))
                }
            }
            return found
        }
    }

    private static func without(_ members: [JSONMember], _ call: ModelCall) throws(GatewayFault) -> ModelCall {
        var patch = JSONPatch(members: call.members)
        for member in members { patch.remove(member) }
        var body = Bytes()
        do throws(PatchConflict) {
            for piece in try patch.pieces(of: call.body) { body.writeImmutableBuffer(piece) }
        } catch {
            throw GatewayFault(.invalidParameter, "The request's body cannot be rewritten: \(error).")
        }
        return try CallReader.read(
            call.operation, body, pathModel: call.modelRange == nil ? call.model : nil, contentType: call.contentType,
            mayLackModel: true)
    }

    // MARK: Members

    private static func read(
        _ wish: Wish, _ value: Range<Int>, _ raw: UnsafeRawBufferPointer, _ draft: inout Draft
    ) throws(GatewayFault) {
        let name = "\(wish.name)"
        switch wish {
        case .timeout: draft.wishes.timeout = try seconds(text(raw, value), name)
        case .streamTimeout: draft.wishes.streamTimeout = try seconds(text(raw, value), name)
        case .retries: draft.retries = try count(text(raw, value), name)
        case .priority: draft.wishes.priority = try count(text(raw, value), name, most: 1_000_000)
        case .fallbacks: draft.fallbacks = try models(raw, value, name)
        case .contextFallbacks: draft.contextFallbacks = try models(raw, value, name)
        case .policyFallbacks: draft.policyFallbacks = try models(raw, value, name)
        case .noFallbacks: draft.isWithoutFallbacks = try flag(raw, value, name)
        case .tags:
            draft.wishes.tags = JSONElements.strings(of: value, in: raw, limit: longestList)
        case .session, .litellmSession: draft.wishes.session = try? JSONText.string(raw, value)
        case .region: draft.wishes.region = try region(raw, value, name)
        case .mock: if try flag(raw, value, name) { draft.mock = .any }
        case .mockContext: if try flag(raw, value, name) { draft.mock = .contextWindow }
        case .mockPolicy: if try flag(raw, value, name) { draft.mock = .contentPolicy }
        case .mockRateLimit: if try flag(raw, value, name) { draft.mock = .rateLimit }
        }
    }

    private static func region(
        _ raw: UnsafeRawBufferPointer, _ value: Range<Int>, _ name: String
    ) throws(GatewayFault) -> String {
        guard let region = try? JSONText.string(raw, value), (1...64).contains(region.utf8.count) else {
            throw refusal(name, "must be the name of a region such as \"eu\", of at most 64 characters")
        }
        return region
    }

    private static func flag(
        _ raw: UnsafeRawBufferPointer, _ value: Range<Int>, _ name: String
    ) throws(GatewayFault) -> Bool {
        guard let flag = JSONText.bool(raw, value) else { throw refusal(name, "must be true or false") }
        return flag
    }

    /// The digits of a number, or of a string that holds one.
    private static func text(_ raw: UnsafeRawBufferPointer, _ value: Range<Int>) -> String {
        (try? JSONText.string(raw, value)) ?? String(decoding: raw[value.prefix(64)], as: UTF8.self)
    }

    /// `["a", "b"]`, or LiteLLM's longer form `[{"model": "a"}]` and `[{"group": ["a", "b"]}]`.
    private static func models(
        _ raw: UnsafeRawBufferPointer, _ value: Range<Int>, _ name: String
    ) throws(GatewayFault) -> [String] {
        let elements = JSONElements.ranges(of: value, in: raw, limit: longestList + 1)
        guard !elements.isEmpty || JSONText.equals(raw, value, "[]"), elements.count <= longestList else {
            throw refusal(name, "must be a list of at most \(longestList) models")
        }
        var names: [String] = []
        for element in elements {
            if let model = try? JSONText.string(raw, element) {
                names.append(model)
            } else if let model = JSONScanner.member(of: element, named: "model", in: raw),
                let name = try? JSONText.string(raw, model)
            {
                names.append(name)
            } else {
                let inner = JSONElements.lists(of: element, in: raw)
                if inner.isEmpty { throw refusal(name, "must be a list of names of models") }
                names += inner
            }
        }
        return names
    }

    // MARK: Fields

    private static func readFields(
        _ head: RequestHead, _ raw: UnsafeRawBufferPointer, _ draft: inout Draft
    ) throws(GatewayFault) {
        var lines = FieldLines(raw, head.fields)
        while let (name, value) = lines.next() {
            func named(_ text: StaticString) -> Bool { fieldNameEquals(raw, name, text) }
            func text() -> String { String(decoding: raw[value], as: UTF8.self) }
            if named("x-litellm-timeout") {
                draft.wishes.timeout = try seconds(text(), "x-litellm-timeout")
            } else if named("x-litellm-stream-timeout") {
                draft.wishes.streamTimeout = try seconds(text(), "x-litellm-stream-timeout")
            } else if named("x-litellm-num-retries") {
                draft.retries = try count(text(), "x-litellm-num-retries")
            } else if named("x-litellm-priority") {
                draft.wishes.priority = try count(text(), "x-litellm-priority", most: 1_000_000)
            } else if named("x-litellm-tags") {
                draft.wishes.tags += tags(text())
            } else if named("x-litellm-session-id") || named("x-litellm-trace-id") && draft.wishes.session == nil {
                draft.wishes.session = text()
            } else if named("x-weir-explain") {
                draft.wishes.explains = text() != "0" && text() != "false"
            }
        }
    }

    private static func tags(_ text: String) -> [String] {
        text.split(separator: ",").prefix(longestList).map { $0.drop { $0 == " " } }.map { tag in
            String(tag.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    // MARK: Numbers

    private static func seconds(_ text: String, _ name: String) throws(GatewayFault) -> Timeout {
        guard let nanoseconds = DecimalText.scaled(text, decimals: 9, excess: .round), nanoseconds > 0,
            nanoseconds <= Int128(longestSeconds) * 1_000_000_000
        else { throw refusal(name, "must be a number of seconds above 0 and at most \(longestSeconds)") }
        return Timeout(nanoseconds: UInt64(nanoseconds))
    }

    private static func count(_ text: String, _ name: String, most: Int = 100) throws(GatewayFault) -> Int {
        guard let number = Int(text), (0...most).contains(number) else {
            throw refusal(name, "must be a whole number from 0 to \(most)")
        }
        return number
    }

    private static func refusal(_ name: String, _ rule: String) -> GatewayFault {
        GatewayFault(.invalidParameter, "'\(name)' \(rule).", param: name)
    }
}
