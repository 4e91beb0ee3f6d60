import NIOCore
import WeirCore
import WeirPipeline
import WeirWire

/// The fields of a reply's head: the upstream's as LiteLLM passes them on, and LiteLLM's own.
enum ReplyFields {
    private static let passed: [[UInt8]] = [
        "content-type", "content-encoding", "content-disposition", "cache-control", "retry-after", "retry-after-ms",
        "x-request-id", "www-authenticate", "location", "access-control-allow-origin", "allow",
    ].map { Array($0.utf8) }
    private static let passedPrefixes: [[UInt8]] = ["x-ratelimit-", "openai-"].map { Array($0.utf8) }

    /// Writes all fields but those about framing. An upstream's field that is not passed on under its own name goes as
    /// `llm_provider-…`.
    static func write(_ fields: Bytes, _ meter: RequestMeter, _ settings: DoorSettings, into head: inout Bytes) {
        let event = meter.event
        copy(fields, renames: event.deployment != nil, into: &head)
        write("x-litellm-call-id", event.callID, into: &head)
        head.writeStaticString("x-litellm-version: ")
        head.writeString(settings.version)
        head.writeStaticString("\r\n")
        guard let deployment = event.deployment else { return }
        write("x-litellm-model-id", deployment.id, into: &head)
        write("x-litellm-model-group", deployment.group, into: &head)
        if !deployment.apiBase.isEmpty { write("x-litellm-model-api-base", deployment.apiBase, into: &head) }
        if let cost = event.cost { write("x-litellm-response-cost", cost.description, into: &head) }
        head.writeStaticString("x-litellm-attempted-retries: ")
        DecimalText.write(max(event.attempts - 1, 0), into: &head)
        head.writeStaticString("\r\nx-litellm-attempted-fallbacks: 0\r\n")
        guard !event.streams else { return }
        let elapsed = meter.elapsed
        head.writeStaticString("x-litellm-response-duration-ms: ")
        writeMilliseconds(elapsed, into: &head)
        head.writeStaticString("\r\nx-litellm-overhead-duration-ms: ")
        writeMilliseconds(elapsed &- min(event.upstreamDuration, elapsed), into: &head)
        head.writeStaticString("\r\n")
    }

    private static func copy(_ fields: Bytes, renames: Bool, into head: inout Bytes) {
        fields.withUnsafeReadableBytes { raw in
            guard renames else {
                head.writeBytes(raw)
                return
            }
            var lines = FieldLines(raw, 0..<raw.count)
            while let (name, value) = lines.next() {
                if !isPassed(raw, name) { head.writeStaticString("llm_provider-") }
                head.writeBytes(UnsafeRawBufferPointer(rebasing: raw[name]))
                head.writeStaticString(": ")
                head.writeBytes(UnsafeRawBufferPointer(rebasing: raw[value]))
                head.writeStaticString("\r\n")
            }
        }
    }

    private static func isPassed(_ raw: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
        passed.contains { $0.count == name.count && starts(raw, name, $0) }
            || passedPrefixes.contains { starts(raw, name, $0) }
    }

    private static func starts(_ raw: UnsafeRawBufferPointer, _ name: Range<Int>, _ prefix: [UInt8]) -> Bool {
        guard name.count >= prefix.count else { return false }
        var at = name.lowerBound
        for byte in prefix {
            if ASCIILetters.lowercased(raw[at]) != byte { return false }
            at += 1
        }
        return true
    }

    /// Bytes that would end a field's line are left out of its value.
    private static func write(_ name: StaticString, _ value: String, into head: inout Bytes) {
        head.writeStaticString(name)
        head.writeStaticString(": ")
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            head.writeString(value)
        } else {
            head.writeBytes(value.utf8.filter { $0 >= 0x20 && $0 != 0x7F })
        }
        head.writeStaticString("\r\n")
    }

    /// Three decimals.
    private static func writeMilliseconds(_ nanoseconds: UInt64, into head: inout Bytes) {
        let microseconds = Int(nanoseconds / 1000)
        DecimalText.write(microseconds / 1000, into: &head)
        head.writeStaticString(".")
        let rest = microseconds % 1000
        head.writeInteger(UInt8(ascii: "0") + UInt8(rest / 100))
        head.writeInteger(UInt8(ascii: "0") + UInt8(rest / 10 % 10))
        head.writeInteger(UInt8(ascii: "0") + UInt8(rest % 10))
    }
}

/// The field lines of replies that are faults.
enum FaultFields {
    static let json = Bytes(string: "content-type: application/json\r\n")

    /// An upstream's fields go with its error; the body is JSON in any case.
    static func lines(_ reply: FaultReply, _ fault: GatewayFault) -> Bytes {
        var lines = json
        if let fields = reply.fields { copy(fields, into: &lines) }
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
