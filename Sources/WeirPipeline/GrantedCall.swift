import NIOCore
import WeirCore

/// What a key wants of every request that is sent with it.
enum GrantedCall {
    /// Throws `invalidParameter` when a member is missing that the key's `enforced_params` name.
    static func check(_ call: ModelCall, _ grant: Grant) throws(GatewayFault) {
        guard !grant.requiredParams.isEmpty, !call.operation.isMultipart else { return }
        let names = call.body.withUnsafeReadableBytes { bytes in
            Set(call.members.map { String(decoding: bytes[$0.key], as: UTF8.self) })
        }
        for param in grant.requiredParams where !names.contains(String(param.prefix { $0 != "." })) {
            throw GatewayFault(
                .invalidParameter, "BadRequest please pass param=\(param) in request body. This is a required param",
                param: param)
        }
    }
}
