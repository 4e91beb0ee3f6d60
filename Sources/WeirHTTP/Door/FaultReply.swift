import NIOCore
import WeirCore
import WeirWire

/// A fault as a client sees it: the only place that chooses a status, a type and a body.
///
/// Statuses and texts follow LiteLLM's, because its clients match on them; `compat` says which release's. An upstream's
/// own error keeps its status and, where it has OpenAI's form, its body.
struct FaultReply {
    let status: Int
    let body: Bytes
    /// Field lines of the upstream's answer that go with it (`retry-after`, rate limits).
    let fields: Bytes?

    init(_ fault: GatewayFault, route: String, compat: Compat) {
        if let answer = fault.upstream {
            status = answer.status >= 400 ? answer.status : 502
            fields = answer.fields
            body = Self.upstreamBody(answer, status)
            return
        }
        let row = Self.row(fault.code, compat)
        status = row.status
        fields = nil
        body = Self.body(
            message: Self.message(fault, route, compat), type: row.type, param: fault.param, status: row.status,
            absent: compat == .v1_83 ? "None" : nil)
    }

    /// `data: {"error": …}` and the blank line: what ends a stream that broke.
    static func event(_ fault: GatewayFault, route: String, compat: Compat) -> Bytes {
        let reply = FaultReply(fault, route: route, compat: compat)
        var event = Bytes(string: "data: ")
        event.writeImmutableBuffer(reply.body)
        event.writeStaticString("\n\n")
        return event
    }

    /// `{"error":{"message","type","param","code"}}`. LiteLLM 1.83 wrote `"None"` where later releases write null.
    static func body(message: String, type: String?, param: String?, status: Int, absent: String?) -> Bytes {
        var json = JSONWriter(capacity: message.utf8.count + 128)
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.member("message", message)
        json.member("type", type ?? absent)
        json.member("param", param ?? absent)
        json.member("code", String(status))
        json.endObject()
        json.endObject()
        return json.buffer
    }

    // MARK: The gateway's own

    private static func row(_ code: FaultCode, _ compat: Compat) -> (status: Int, type: String?) {
        switch code {
        case .malformedRequest: (400, "invalid_request_error")
        case .headTooLarge: (431, "invalid_request_error")
        case .bodyTooLarge: (413, "invalid_request_error")
        case .invalidJSON, .invalidParameter, .credentialsInBody: (400, "invalid_request_error")
        case .modelMissing, .modelUnknown: (400, compat == .v1_83 ? nil : "invalid_request_error")
        case .keyMissing, .keyMalformed: (401, "auth_error")
        case .keyUnknown: (401, "token_not_found_in_db")
        case .routeForbidden: (401, "auth_error")
        case .requestTimeout: (408, "invalid_request_error")
        case .clientLeft: (499, "invalid_request_error")
        case .noDeployment, .rateLimited: (429, compat == .v1_83 ? nil : "throttling_error")
        case .limitsUnavailable: (503, "internal_server_error")
        case .tagsForbidden: (401, "auth_error")
        case .keyBlocked, .teamBlocked, .userBlocked: (401, "auth_error")
        case .customerBlocked: (400, compat == .v1_83 ? nil : "invalid_request_error")
        case .keyExpired: (compat == .v1_83 ? 400 : 401, "expired_key")
        case .keyModelForbidden: (compat == .v1_83 ? 401 : 403, "key_model_access_denied")
        case .teamModelForbidden: (compat == .v1_83 ? 401 : 403, "team_model_access_denied")
        case .userModelForbidden: (compat == .v1_83 ? 401 : 403, "user_model_access_denied")
        case .organizationModelForbidden: (compat == .v1_83 ? 401 : 403, "org_model_access_denied")
        case .customerModelForbidden: (403, "customer_model_access_denied")
        case .keyRouteForbidden: (403, "auth_error")
        case .managementForbidden, .tokenRefused: (401, "auth_error")
        case .addressForbidden: (403, "auth_error")
        case .storeUnavailable: (503, "no_db_connection")
        case .contextTooLarge: (400, compat == .v1_83 ? nil : "invalid_request_error")
        case .notSupported: (501, "invalid_request_error")
        case .shuttingDown: (503, "internal_server_error")
        case .internalError: (500, "internal_server_error")
        case .upstreamTimeout: (408, "invalid_request_error")
        case .upstreamRefused, .upstreamReset, .upstreamGarbled, .upstreamError: (500, "internal_server_error")
        case .upstreamKeyRefused: (502, "internal_server_error")
        }
    }

    private static func message(_ fault: GatewayFault, _ route: String, _ compat: Compat) -> String {
        switch fault.code {
        case .modelUnknown, .modelMissing:
            let path = route.hasPrefix("/v1/") ? String(route.dropFirst(3)) : route
            let text = "\(path): \(fault.message)"
            return compat == .v1_83 ? "{'error': \(pythonLiteral(text))}" : text
        case .customerBlocked:
            return compat == .v1_83 ? "{'error': \(pythonLiteral(fault.message))}" : fault.message
        case .upstreamTimeout: return "litellm.Timeout: APITimeoutError - Request timed out. \(fault.message)"
        case .upstreamRefused, .upstreamReset, .upstreamGarbled:
            return
                "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error. \(fault.message)"
        default: return fault.message
        }
    }

    /// How Python prints a string in a dict: double quotes when it holds single ones.
    private static func pythonLiteral(_ text: String) -> String {
        let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        let escaped = text.flatMap { character -> [Character] in
            switch character {
            case "\\": ["\\", "\\"]
            case "\n": ["\\", "n"]
            case "'" where quote == "'": ["\\", "'"]
            default: [character]
            }
        }
        return quote + String(escaped) + quote
    }

    // MARK: The upstream's

    private static func upstreamBody(_ answer: UpstreamAnswer, _ status: Int) -> Bytes {
        let isOpenAI = answer.body.withUnsafeReadableBytes { bytes in
            let whole = 0..<bytes.count
            guard let error = JSONScanner.member(of: whole, named: "error", in: bytes) else { return false }
            return JSONScanner.member(of: error, named: "message", in: bytes) != nil
        }
        if isOpenAI { return answer.body }
        let text = String(
            buffer: answer.body.getSlice(
                at: answer.body.readerIndex, length: min(answer.body.readableBytes, 2000)) ?? Bytes())
        let type =
            status == 429 ? "throttling_error" : status >= 500 ? "internal_server_error" : "invalid_request_error"
        let said = text.isEmpty ? "no text" : text
        return body(
            message: "The upstream answered with status \(status): \(said)", type: type, param: nil, status: status,
            absent: nil)
    }
}
