import HTTPTypes
import Hummingbird
import NIOCore
import WeirAccess
import WeirCore
import WeirWire

/// A management request, read and checked against its route's forms.
enum ManagementRequest {
    /// A body of more bytes is refused with 413.
    private static let bodyBytes = 2 << 20

    static let withoutStore = OfficeFault(
        500,
        "No connected db. Weir keeps keys, users and teams in a store: set DATABASE_URL, or start it with --data-dir.",
        type: "no_db_connection")

    private static let onBehalfOf = HTTPField.Name("litellm-changed-by")

    /// The request, and the names of members that no form knows.
    static func read(
        _ request: Request, _ context: DoorContext, _ body: Form, _ query: Form
    ) async throws(OfficeFault) -> (request: OfficeRequest, unknown: [String]) {
        guard case .success(let principal) = context.access else {
            throw OfficeFault(401, "Authentication Error, No api key passed in.", type: "auth_error")
        }
        let filled = try body.read(try await object(request, isExpected: !body.fields.isEmpty || body.isOpen))
        let asked = try questions(request, query)
        let address = onBehalfOf.flatMap { request.headers[$0] }
        return (
            OfficeRequest(
                requester: Requester(principal, address: context.clientAddress, onBehalfOf: address),
                body: filled.values, query: asked.values, path: try parts(context)),
            filled.unknown + asked.unknown
        )
    }

    private static func object(_ request: Request, isExpected: Bool) async throws(OfficeFault) -> JSONObject {
        guard isExpected else { return JSONObject() }
        let bytes: Bytes
        do {
            bytes = try await request.body.collect(upTo: bodyBytes)
        } catch {
            throw OfficeFault(
                413, "The body is larger than \(bodyBytes) bytes.", type: "invalid_request_error")
        }
        if bytes.readableBytes == 0 { return JSONObject() }
        do throws(JSONViolation) {
            return try JSONObject(reading: bytes)
        } catch {
            throw OfficeFault(
                400, "Invalid JSON payload: \(error)", type: "invalid_request_error", param: "request_body")
        }
    }

    private static func questions(
        _ request: Request, _ form: Form
    ) throws(OfficeFault) -> (values: [String: String], unknown: [String]) {
        var given = JSONObject()
        for part in (request.uri.query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(unescaped)
            if given[pair[0]] == nil { given[pair[0]] = .string(pair.count > 1 ? pair[1] : "") }
        }
        // Empty is as good as absent: forms of pages send every field.
        for member in given.members where member.value == "" { given[member.name] = nil }
        return try form.readQuery(given)
    }

    /// As forms write it: a plus is a space.
    private static func unescaped(_ text: Substring) -> String {
        PercentText.decoded(text.replacing("+", with: " ").utf8)
    }

    private static func parts(_ context: DoorContext) throws(OfficeFault) -> [String: String] {
        var parts: [String: String] = [:]
        for (name, value) in context.parameters {
            let part = PercentText.decoded(value.utf8)
            // A database may take it for the end of the text, and so mean something else.
            if part.utf8.contains(0) { throw .bad("The character U+0000 cannot stand in an address.", String(name)) }
            parts[String(name)] = part
        }
        return parts
    }
}
