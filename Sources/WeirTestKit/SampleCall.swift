import NIOCore
package import WeirCore
package import WeirWire

/// Model calls made from the text of their body, as a door makes them.
package enum SampleCall {
    /// A JSON call. `pathModel` stands for a model that the path names.
    package static func json(
        _ body: String, _ operation: WeirCore.Operation = .chatCompletions, pathModel: String? = nil
    ) throws(JSONViolation) -> ModelCall {
        let bytes = Bytes(string: body)
        let scan = try JSONScanner.scan(bytes)
        let (model, streams, wantsUsage) = bytes.withUnsafeReadableBytes { raw in
            let options = scan.value(of: "stream_options", in: raw)
            let usage = options.flatMap { JSONScanner.member(of: $0, named: "include_usage", in: raw) }
            return (
                scan.value(of: "model", in: raw),
                scan.value(of: "stream", in: raw).map { JSONText.isTrue(raw, $0) } ?? false,
                usage.map { JSONText.isTrue(raw, $0) } ?? false
            )
        }
        let named = try model.map { range throws(JSONViolation) in try JSONText.string(bytes, range) }
        return ModelCall(
            operation: operation, model: pathModel ?? named ?? "", body: bytes, members: scan.members,
            modelRange: model, streams: streams, wantsUsage: wantsUsage)
    }

    /// A transcription with one part for the model and one for the sound.
    package static func transcription(model: String, sound: String = "RIFF") -> ModelCall {
        let start = "--cut\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
        let end =
            "\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n\(sound)\r\n--cut--\r\n"
        let place = start.utf8.count..<start.utf8.count + model.utf8.count
        return ModelCall(
            operation: .audioTranscriptions, model: model, body: Bytes(string: start + model + end), modelRange: place,
            contentType: "multipart/form-data; boundary=cut")
    }
}
