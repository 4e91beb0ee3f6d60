import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WeirAccess
import WeirCore
import WeirWire

/// What an office answers, or refuses, in LiteLLM's form.
enum ManagementReply {
    private static let warning = HTTPField.Name("warning")

    static func write(_ answer: OfficeAnswer, unknown: [String]) -> Response {
        var json = JSONWriter(capacity: 1024)
        json.value(answer.value)
        // A reply with this status has no body (RFC 9110, 15.3.5).
        var response =
            answer.status == 204
            ? Response(status: .noContent) : Response.json(json.buffer, status: .init(code: answer.status))
        if !unknown.isEmpty, let warning { response.headers[warning] = text(of: unknown) }
        return response
    }

    /// RFC 9111's warning 299: what was left out of account, so that a wrong name is not taken for a setting.
    private static func text(of unknown: [String]) -> String {
        let names = unknown.prefix(10).map { name in
            String(
                name.unicodeScalars.filter { (0x21..<0x7F).contains($0.value) && $0 != "\"" && $0 != "\\" }.prefix(64)
                    .map(
                        Character.init))
        }
        return "299 weir \"unknown fields are left out of account: \(names.joined(separator: ", "))\""
    }

    static func write(_ fault: OfficeFault, _ compat: Compat, _ context: DoorContext) -> Response {
        if !fault.detail.isEmpty { context.logger.error("a management request failed: \(fault.detail)") }
        let absent = compat == .v1_83 ? "None" : nil
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.member("message", fault.message)
        json.member("type", fault.type ?? type(of: fault.status) ?? absent)
        json.member("param", fault.param ?? absent)
        json.member("code", String(fault.status))
        json.endObject()
        if !fault.problems.isEmpty { write(fault.problems, &json) }
        json.endObject()
        return .json(json.buffer, status: .init(code: fault.status))
    }

    /// FastAPI's list as well: clients of LiteLLM look for it where a form is refused.
    private static func write(_ problems: [OfficeFault.Problem], _ json: inout JSONWriter) {
        json.key("detail")
        json.beginArray()
        for problem in problems {
            json.beginObject()
            json.member("type", problem.kind)
            json.key("loc")
            json.beginArray()
            json.string("body")
            json.string(problem.field)
            json.endArray()
            json.member("msg", problem.message)
            json.endObject()
        }
        json.endArray()
    }

    private static func type(of status: Int) -> String? {
        switch status {
        case 401: "auth_error"
        case 403: "auth_error"
        case 500...: "internal_server_error"
        default: "invalid_request_error"
        }
    }
}
