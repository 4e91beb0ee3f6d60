import NIOCore
package import WeirCore
import WeirWire

/// What rooms may want to know of a call beyond its model: read from the body when somebody asks, and only then.
package enum CallFacts {
    /// The longest answer that the call asks for, in tokens; nil when it does not say.
    package static func maxTokens(of call: ModelCall) -> Int? {
        number("max_completion_tokens", call) ?? number("max_tokens", call) ?? number("max_output_tokens", call)
    }

    /// How many answers are asked for (`n`); at least 1.
    package static func answers(of call: ModelCall) -> Int { max(number("n", call) ?? 1, 1) }

    /// `metadata.tags`, as far as they are strings; at most 64.
    package static func metadataTags(of call: ModelCall) -> [String] {
        guard let metadata = call.member("metadata")?.value else { return [] }
        return call.body.withUnsafeReadableBytes { bytes in
            JSONScanner.member(of: metadata, named: "tags", in: bytes).map { JSONElements.strings(of: $0, in: bytes) }
                ?? []
        }
    }

    /// A number that is the same for all calls of one conversation: of `metadata.session_id`, else of the first two
    /// messages, which later turns repeat. 0 when there is neither.
    package static func session(of call: ModelCall) -> UInt64 {
        call.body.withUnsafeReadableBytes { bytes in
            if let metadata = call.member("metadata")?.value,
                let id = JSONScanner.member(of: metadata, named: "session_id", in: bytes)
            {
                return digested(id, in: bytes)
            }
            return prefixes(of: call, in: bytes, limit: 2).last ?? 0
        }
    }

    /// The same for a session that the client names.
    package static func session(named name: String) -> UInt64 {
        Digest64(of: name).value
    }

    /// A number for each beginning of the conversation, the shortest first: the first message, the first two, … at most 8.
    package static func prefixes(of call: ModelCall) -> [UInt64] {
        call.body.withUnsafeReadableBytes { prefixes(of: call, in: $0, limit: 8) }
    }

    private static func prefixes(of call: ModelCall, in bytes: UnsafeRawBufferPointer, limit: Int) -> [UInt64] {
        guard let messages = call.member("messages")?.value else {
            return (call.member("prompt") ?? call.member("input")).map { [digested($0.value, in: bytes)] } ?? []
        }
        var digest = Digest64()
        var found: [UInt64] = []
        for element in JSONElements.ranges(of: messages, in: bytes, limit: limit) {
            digest.add(bytes, element)
            found.append(digest.value)
        }
        return found
    }

    private static func digested(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> UInt64 {
        var digest = Digest64()
        digest.add(bytes, range)
        return digest.value
    }

    private static func number(_ name: StaticString, _ call: ModelCall) -> Int? {
        guard let member = call.member(name) else { return nil }
        return call.body.withUnsafeReadableBytes { JSONText.int($0, member.value) }
    }
}
