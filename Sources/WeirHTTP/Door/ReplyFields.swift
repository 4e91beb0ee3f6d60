import NIOCore
import WeirCore
import WeirPipeline
import WeirWire

/// The fields of a reply's head: the upstream's as LiteLLM passes them on, and LiteLLM's own.
enum ReplyFields {
    /// Writes all fields but those about framing. An upstream's field that is not passed on under its own name goes as
    /// `llm_provider-…`.
    static func write(
        _ fields: Bytes, _ meter: RequestMeter, _ known: KnownFields, into head: inout HeadWriter
    ) {
        let event = meter.event
        guard let deployment = event.deployment else {
            head.buffer(fields)
            head.literal("x-litellm-call-id: ")
            head.text(event.callID)
            head.buffer(known.version)
            return
        }
        let figures = meter.limitFigures
        copy(fields, into: &head, hasLimits: figures != nil)
        head.literal("x-litellm-call-id: ")
        head.text(event.callID)
        head.buffer(known.lines(of: deployment))
        if let cost = event.cost {
            head.literal("x-litellm-response-cost: ")
            head.money(cost)
            head.literal("\r\n")
        }
        head.literal("x-litellm-attempted-retries: ")
        head.number(event.retries)
        head.literal("\r\nx-litellm-attempted-fallbacks: ")
        head.number(event.fallbacks)
        head.literal("\r\n")
        if let grant = event.principal?.grant { GrantFields.write(grant, into: &head) }
        if let figures {
            LimitFields.write(figures.requests, figures.tokens, into: &head)
        }
        if !event.decisions.isEmpty {
            head.literal("x-weir-decisions: ")
            head.text(event.decisions)
            head.literal("\r\n")
        }
        guard !event.streams else { return }
        let elapsed = meter.elapsed
        head.literal("x-litellm-response-duration-ms: ")
        head.milliseconds(elapsed)
        head.literal("\r\nx-litellm-overhead-duration-ms: ")
        head.milliseconds(elapsed &- min(event.upstreamDuration, elapsed))
        head.literal("\r\n")
    }

    /// - Parameter hasLimits: the gateway tells limits of its own under the names that the upstream's have.
    private static func copy(_ fields: Bytes, into head: inout HeadWriter, hasLimits: Bool) {
        fields.withUnsafeReadableBytes { raw in
            var lines = FieldLines(raw, 0..<raw.count)
            while let (name, value) = lines.next() {
                if !isPassed(raw, name) || hasLimits && isLimit(raw, name) { head.literal("llm_provider-") }
                // Name, colon and value stand in one run.
                head.bytes(UnsafeRawBufferPointer(rebasing: raw[name.lowerBound..<value.upperBound]))
                head.literal("\r\n")
            }
        }
    }

    private static func isLimit(_ raw: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
        let end = name.lowerBound + 12
        return end <= name.upperBound && fieldNameEquals(raw, name.lowerBound..<end, "x-ratelimit-")
    }

    /// Fields that keep their name: those that say what the body is or what to do, and what vendors' clients look at.
    private static func isPassed(_ raw: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
        func named(_ text: StaticString) -> Bool { fieldNameEquals(raw, name, text) }
        func begins(_ text: StaticString) -> Bool {
            let end = name.lowerBound + text.utf8CodeUnitCount
            return end <= name.upperBound && fieldNameEquals(raw, name.lowerBound..<end, text)
        }
        switch ASCIILetters.lowercased(raw[name.lowerBound]) {
        case UInt8(ascii: "c"):
            return named("content-type") || named("content-encoding") || named("content-disposition")
                || named("cache-control")
        case UInt8(ascii: "r"): return named("retry-after") || named("retry-after-ms")
        case UInt8(ascii: "x"): return named("x-request-id") || isLimit(raw, name)
        case UInt8(ascii: "o"): return begins("openai-")
        case UInt8(ascii: "w"): return named("www-authenticate")
        case UInt8(ascii: "l"): return named("location")
        case UInt8(ascii: "a"): return named("allow") || named("access-control-allow-origin")
        default: return false
        }
    }
}

/// Field lines that are the same for many replies, made once. Bound to one loop.
final class KnownFields {
    /// Ends the line before it.
    let version: Bytes
    private var lines: [ObjectIdentifier: (deployment: Deployment, lines: Bytes)] = [:]

    init(version: String) { self.version = Bytes(string: "\r\nx-litellm-version: \(Self.clean(version))\r\n") }

    /// The version and what the deployment is; ends the line before it.
    func lines(of deployment: Deployment) -> Bytes {
        if let known = lines[ObjectIdentifier(deployment)] { return known.lines }
        var text = String(buffer: version)
        text += "x-litellm-model-id: \(Self.clean(deployment.id))\r\n"
        text += "x-litellm-model-group: \(Self.clean(deployment.group))\r\n"
        if !deployment.apiBase.isEmpty { text += "x-litellm-model-api-base: \(Self.clean(deployment.apiBase))\r\n" }
        let made = Bytes(string: text)
        // A reload brings new deployments; what the old ones had is let go now and then.
        if lines.count >= 4096 { lines.removeAll() }
        lines[ObjectIdentifier(deployment)] = (deployment, made)
        return made
    }

    /// Without bytes that would end a field's line.
    private static func clean(_ value: String) -> String {
        String(decoding: value.utf8.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    }
}

/// The field lines of replies that are faults.
enum FaultFields {
    static let json = Bytes(string: "content-type: application/json\r\n")

    /// An upstream's fields go with its error; the body is JSON in any case.
    static func lines(_ reply: FaultReply, _ fault: GatewayFault, _ meter: RequestMeter) -> Bytes {
        var lines = json
        // Where a deployment was tried, the head tells of it anyway.
        let isUntried = meter.event.deployment == nil
        if isUntried, fault.code == .rateLimited, let figures = meter.limitFigures {
            lines.writeImmutableBuffer(
                HeadWriter.make(capacity: 256) { LimitFields.write(figures.requests, figures.tokens, into: &$0) })
        }
        if isUntried, !meter.event.decisions.isEmpty {
            lines.writeString("x-weir-decisions: \(meter.event.decisions)\r\n")
        }
        if let fields = reply.fields { copy(fields, into: &lines) }
        if let wait = fault.retryAfter {
            // None means now.
            lines.writeString("retry-after: \(max(Timeout(nanoseconds: wait).wholeSeconds, 1))\r\n")
        }
        if fault.code == .keyMissing || fault.code == .keyUnknown || fault.code == .keyMalformed {
            lines.writeStaticString("www-authenticate: Bearer\r\n")
        }
        return lines
    }

    private static func copy(_ fields: Bytes, into lines: inout Bytes) {
        fields.withUnsafeReadableBytes { raw in
            var all = FieldLines(raw, 0..<raw.count)
            while let (name, value) = all.next() {
                if fieldNameEquals(raw, name, "content-type") || fieldNameEquals(raw, name, "content-encoding") {
                    continue
                }
                lines.writeBytes(raw[name])
                lines.writeStaticString(": ")
                lines.writeBytes(raw[value])
                lines.writeStaticString("\r\n")
            }
        }
    }
}
