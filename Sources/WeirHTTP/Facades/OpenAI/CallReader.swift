import NIOCore
import WeirCore
import WeirPipeline
import WeirWire

/// Reads a model call from a body, as far as the rooms need it.
enum CallReader {
    /// - Parameters:
    ///   - pathModel: the model that the path names, if it does; it wins over the body's.
    ///   - contentType: the request's, for multipart.
    ///   - mayLackModel: JSON that names no model is read too (`ModelCall.namesNoModel`).
    /// Throws `invalidJSON`, `invalidParameter`, `modelMissing`.
    static func read(
        _ operation: Operation, _ body: Bytes, pathModel: String?, contentType: String?, mayLackModel: Bool = false
    ) throws(GatewayFault) -> ModelCall {
        if operation.isMultipart {
            return try readMultipart(operation, body, pathModel: pathModel, contentType: contentType)
        }
        let call = try body.withUnsafeReadableBytes { bytes throws(GatewayFault) in
            try readJSON(operation, body, bytes, pathModel)
        }
        if !mayLackModel, call.namesNoModel { throw .modelMissing }
        return call
    }

    private static func readJSON(
        _ operation: Operation, _ body: Bytes, _ bytes: UnsafeRawBufferPointer, _ pathModel: String?
    ) throws(GatewayFault) -> ModelCall {
        let members: [JSONMember]
        do throws(JSONViolation) {
            members = try JSONScanner.scan(bytes).members
        } catch {
            throw GatewayFault(
                .invalidJSON, "Invalid JSON payload: \(error.message(in: bytes))", param: "request_body")
        }
        var model: Range<Int>?
        var streams = false
        var wantsUsage = false
        for member in members {
            switch member.key.count {
            case 5 where JSONText.equals(bytes, member.key, "model"): model = member.value
            case 6 where JSONText.equals(bytes, member.key, "stream"):
                streams = try flag(bytes, member.value, "stream")
            case 14 where JSONText.equals(bytes, member.key, "stream_options"):
                if let value = JSONScanner.member(of: member.value, named: "include_usage", in: bytes) {
                    wantsUsage = JSONText.isTrue(bytes, value)
                }
            default: break
            }
        }
        let named: String
        if let pathModel { named = pathModel } else { named = try name(bytes, model) }
        return ModelCall(
            operation: operation, model: named, body: body, members: members,
            modelRange: model, streams: streams, wantsUsage: wantsUsage)
    }

    /// Empty when there is none.
    private static func name(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>?) throws(GatewayFault) -> String {
        guard let value, !JSONText.isNull(bytes, value) else { return "" }
        guard bytes[value.lowerBound] == UInt8(ascii: "\""), let name = try? JSONText.string(bytes, value) else {
            throw GatewayFault(
                .invalidParameter, "'model' must be a string; give one of the names that /v1/models lists.",
                param: "model")
        }
        guard name.utf8.count <= 1024 else {
            throw GatewayFault(.invalidParameter, "'model' is longer than 1024 bytes.", param: "model")
        }
        return name
    }

    private static func flag(
        _ bytes: UnsafeRawBufferPointer, _ value: Range<Int>, _ name: String
    ) throws(GatewayFault) -> Bool {
        if JSONText.isNull(bytes, value) { return false }
        guard let flag = JSONText.bool(bytes, value) else {
            throw GatewayFault(.invalidParameter, "'\(name)' must be true or false.", param: name)
        }
        return flag
    }
}

extension CallReader {
    /// `multipart/form-data`: only the parts `model` and `stream` are looked at.
    private static func readMultipart(
        _ operation: Operation, _ body: Bytes, pathModel: String?, contentType: String?
    ) throws(GatewayFault) -> ModelCall {
        guard let contentType else {
            throw GatewayFault(.invalidParameter, "Content-Type is missing; send multipart/form-data.")
        }
        return try body.withUnsafeReadableBytes { bytes throws(GatewayFault) in
            let form: MultipartForm
            do throws(MultipartViolation) {
                form = try MultipartScanner.scan(contentType: contentType, body: bytes)
            } catch {
                throw GatewayFault(.invalidParameter, "The multipart body cannot be read: \(error.message)")
            }
            for name in ["model", "stream"] where form.isRepeated(name) {
                throw GatewayFault(.invalidParameter, "The part '\(name)' is there twice.", param: name)
            }
            let range = form.value(named: "model")
            guard let name = pathModel ?? range.map({ String(decoding: bytes[$0], as: UTF8.self) }), !name.isEmpty
            else {
                throw GatewayFault(.modelMissing, "The part 'model' is missing.", param: "model")
            }
            let streams = form.value(named: "stream").map { bytes[$0].elementsEqual("true".utf8) } ?? false
            return ModelCall(
                operation: operation, model: name, body: body, modelRange: range, streams: streams,
                contentType: contentType)
        }
    }
}
