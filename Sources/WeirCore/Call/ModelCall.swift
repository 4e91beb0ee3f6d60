import NIOCore

/// One member of the JSON object that a client sent: where its key and its value stand in the body.
package struct JSONMember: Sendable, Equatable {
    /// The key's text without its quotes; escapes are not undone.
    package let key: Range<Int>
    /// The value as it was written, quotes and brackets included.
    package let value: Range<Int>

    package init(key: Range<Int>, value: Range<Int>) {
        self.key = key
        self.value = value
    }
}

/// What a client asks of a model: the bytes as they came, and the few facts that the rooms need of them.
///
/// The body is decoded only as far as someone asks; `members` says where each top-level value stands, so that a value can
/// be replaced without touching the rest.
package struct ModelCall: Sendable {
    package let operation: Operation
    /// The model that the client named.
    package let model: String
    /// The request's body. Ranges in this value are offsets from its reader index.
    package let body: Bytes
    /// The top-level members of a JSON body, in their order; empty for multipart.
    package let members: [JSONMember]
    /// Where the model's value stands (JSON: quotes included; multipart: the bare text); nil when the path named it.
    package let modelRange: Range<Int>?
    /// `stream` is true.
    package let streams: Bool
    /// The client asked for the usage at the end of the stream (`stream_options.include_usage`).
    package let wantsUsage: Bool
    /// The value of `Content-Type` when it must be kept (multipart boundaries).
    package let contentType: String?

    package init(
        operation: Operation, model: String, body: Bytes, members: [JSONMember] = [], modelRange: Range<Int>? = nil,
        streams: Bool = false, wantsUsage: Bool = false, contentType: String? = nil
    ) {
        self.operation = operation
        self.model = model
        self.body = body
        self.members = members
        self.modelRange = modelRange
        self.streams = streams
        self.wantsUsage = wantsUsage
        self.contentType = contentType
    }

    /// The client named no model, neither in the path nor in the body (null counts as none).
    package var namesNoModel: Bool {
        guard model.isEmpty else { return false }
        guard let modelRange else { return true }
        return body.getInteger(at: body.readerIndex + modelRange.lowerBound) == UInt8(ascii: "n")
    }

    /// The same call for another model.
    package func naming(_ model: String) -> ModelCall {
        ModelCall(
            operation: operation, model: model, body: body, members: members, modelRange: modelRange, streams: streams,
            wantsUsage: wantsUsage, contentType: contentType)
    }

    /// The member with this key, compared byte by byte (a key that was written with escapes is not found).
    package func member(_ name: StaticString) -> JSONMember? {
        body.withUnsafeReadableBytes { bytes in
            members.first { member in
                member.key.count == name.utf8CodeUnitCount
                    && name.withUTF8Buffer { $0.elementsEqual(bytes[member.key]) }
            }
        }
    }
}
