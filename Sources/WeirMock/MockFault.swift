import NIOCore
import WeirCore
import WeirWire

/// An error as vendors answer with it.
struct MockFault {
    let status: Int
    var contentType = "application/json"
    var fields: [(String, String)] = []
    let body: Bytes

    /// In OpenAI's form.
    init(_ status: Int, _ message: String, type: String, code: String?, fields: [(String, String)] = []) {
        var json = JSONWriter()
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.member("message", message)
        json.member("type", type)
        json.member("param", nil)
        json.member("code", code)
        json.endObject()
        json.endObject()
        self.status = status
        self.fields = fields
        body = json.buffer
    }

    init(_ status: Int, contentType: String, _ text: String) {
        self.status = status
        self.contentType = contentType
        body = Bytes(string: text)
    }

    static func unknownPath(_ request: MockRequest) -> MockFault {
        MockFault(404, contentType: "application/json", #"{"detail":"Not Found"}"#)
    }

    static let wrongMethod = MockFault(405, contentType: "application/json", #"{"detail":"Method Not Allowed"}"#)

    /// An error inside of a reply that began well.
    static func inBody(status: Int) -> MockFault {
        MockFault(
            status, "mock: the server had an error while processing your request", type: "server_error", code: nil)
    }

    /// The error that the scenario is; nil when it is none. `now`: seconds since 1970.
    static func of(_ request: MockRequest, now: UInt64) -> MockFault? {
        let choice = request.choice
        let kind = "invalid_request_error"
        switch choice.scenario {
        case .errorIn200: return inBody(status: 200)
        case .unauthorized:
            return MockFault(401, "mock: Incorrect API key provided.", type: kind, code: "invalid_api_key")
        case .forbidden:
            return MockFault(
                403, "mock: You may not do this.", type: kind, code: "unsupported_country_region_territory")
        case .notFound: return unknownPath(request)
        case .modelNotFound:
            return MockFault(
                404, "mock: The model `\(request.model)` does not exist", type: kind, code: "model_not_found")
        case .requestTimeout: return MockFault(408, "mock: The request timed out.", type: "timeout", code: nil)
        case .tooLarge: return MockFault(413, contentType: "text/plain", "mock: Payload Too Large")
        case .unprocessable:
            let text = #"{"detail":[{"type":"missing","loc":["body","messages"],"msg":"mock: Field required"}]}"#
            return MockFault(422, contentType: "application/json", text)
        case .tooManyRequests: return rateLimit(retryAfter: String(choice.count ?? 7))
        case .tooManyUntilDate: return rateLimit(retryAfter: HTTPDate.text(now + UInt64(choice.count ?? 7)))
        case .serverError, .modelsError:
            return MockFault(500, "mock: Internal server error", type: "server_error", code: nil)
        case .badGatewayPage:
            let page =
                "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"
            return MockFault(502, contentType: "text/html", page)
        case .unavailable:
            return MockFault(
                503, "mock: The engine is currently overloaded", type: "server_error", code: nil,
                fields: [("retry-after", String(choice.count ?? 3))])
        case .overloaded:
            let text = #"{"type":"error","error":{"type":"overloaded_error","message":"mock: Overloaded"}}"#
            return MockFault(529, contentType: "application/json", text)
        case .echoSecret:
            let secrets = ["authorization", "api-key", "x-api-key"].compactMap { request.header($0) }
            return MockFault(
                400, "mock: Incorrect API key provided: \(secrets.joined(separator: " and ")).", type: kind,
                code: "invalid_api_key")
        default: return nil
        }
    }

    private static func rateLimit(retryAfter: String) -> MockFault {
        MockFault(
            429, "mock: Rate limit reached for requests", type: "requests", code: "rate_limit_exceeded",
            fields: [
                ("retry-after", retryAfter), ("x-ratelimit-limit-requests", "60"),
                ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "7s"),
                ("x-ratelimit-limit-tokens", "150000"), ("x-ratelimit-remaining-tokens", "149984"),
            ])
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
    static func text(_ seconds: UInt64) -> String {
        let date = CalendarDate(daysSince1970: Int(seconds / 86_400))
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        return "\(weekdays[date.weekday]), \(CalendarDate.padded(date.day, 2)) \(names[date.month - 1]) \(date.year) "
            + "\(CalendarDate.clock(Int(seconds % 86_400))) GMT"
    }
}
