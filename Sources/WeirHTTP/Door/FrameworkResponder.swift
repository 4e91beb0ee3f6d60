import HTTPTypes
import Hummingbird
import Logging
import NIOConcurrencyHelpers
import NIOCore
import WeirCore
import WeirPipeline
import WeirWire

/// A request that is no model call, with all that its handler may ask of it.
struct FrameworkQuestion: Sendable {
    let head: RequestHead
    let bytes: Bytes
    let body: Bytes
    /// Who is calling, or why he may not.
    let access: Result<Principal, GatewayFault>
    let hasCredential: Bool
    let callID: String
    let clientAddress: String
}

/// What the framework's router carries with a request.
struct DoorContext: RequestContext {
    struct Source: RequestContextSource {
        let logger: Logger
        let access: Result<Principal, GatewayFault>
        let hasCredential: Bool
        let callID: String
        let clientAddress: String
    }

    var coreContext: CoreRequestContextStorage
    /// Who is calling, or why he may not.
    let access: Result<Principal, GatewayFault>
    /// The request carries a key, right or wrong.
    let hasCredential: Bool
    let callID: String
    let clientAddress: String

    init(source: Source) {
        coreContext = .init(source: source)
        access = source.access
        hasCredential = source.hasCredential
        callID = source.callID
        clientAddress = source.clientAddress
    }
}

/// Answers everything that is no model call, by the framework's router: behind the same door, with the same parser.
package struct FrameworkResponder: Sendable {
    private let responder: any HTTPResponder<DoorContext>
    private let logger: Logger
    private let known: Set<String>
    private let methods: [String: Set<HTTPRequest.Method>]

    init(
        _ responder: any HTTPResponder<DoorContext>, knownPaths: Set<String>,
        methods: [String: Set<HTTPRequest.Method>], logger: Logger
    ) {
        self.methods = methods
        self.responder = responder
        self.logger = logger
        known = knownPaths
    }

    func respond(
        _ question: FrameworkQuestion, _ meter: RequestMeter, _ writer: ReplyWriter
    ) async throws(GatewayFault) {
        guard let request = Self.request(question) else {
            throw GatewayFault(.malformedRequest, "The request's method, target or a field cannot be read.")
        }
        meter.event.route = known.contains(request.uri.path) ? request.uri.path : "other"
        if let allowed = methods[request.uri.path], !allowed.contains(request.method) {
            return try await write(status: 405, question, writer)
        }
        if HotRoutes.isCall(question.bytes, question.head.path) {
            return try await write(status: 405, question, writer)
        }
        let source = DoorContext.Source(
            logger: logger, access: question.access, hasCredential: question.hasCredential, callID: question.callID,
            clientAddress: question.clientAddress)
        let context = DoorContext(source: source)
        let response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch let fault as GatewayFault {
            throw fault
        } catch let error as any HTTPResponseError {
            return try await write(status: error.status.code, question, writer)
        } catch {
            throw GatewayFault(.internalError, "The request could not be answered: \(error).")
        }
        if response.status == .notFound, response.body.contentLength == 0 {
            return try await write(status: 404, question, writer)
        }
        try await write(response, question, writer)
    }

    private static func request(_ question: FrameworkQuestion) -> Request? {
        question.bytes.withUnsafeReadableBytes { raw in
            func text(_ range: Range<Int>) -> String { String(decoding: raw[range], as: UTF8.self) }
            guard let asked = HTTPRequest.Method(text(question.head.methodRange)) else { return nil }
            // The writer leaves the body out; its length is that of the GET's.
            let method = asked == .head ? .get : asked
            var path = text(question.head.path)
            if let query = question.head.query { path += "?" + text(query) }
            var head = HTTPRequest(
                method: method, scheme: "http", authority: question.head.host.map(text), path: path)
            var lines = FieldLines(raw, question.head.fields)
            while let (name, value) = lines.next() {
                guard let field = HTTPField.Name(text(name)) else { return nil }
                head.headerFields.append(HTTPField(name: field, value: text(value)))
            }
            return Request(head: head, body: .init(buffer: question.body))
        }
    }

    private func write(
        _ response: Response, _ question: FrameworkQuestion, _ writer: ReplyWriter
    ) async throws(GatewayFault) {
        let body: Bytes
        do {
            body = try await Self.collect(response.body)
        } catch {
            throw GatewayFault(.internalError, "The answer could not be written: \(error).")
        }
        var fields = Bytes()
        for field in response.headers where field.name != .contentLength && field.name != .transferEncoding {
            fields.writeString("\(field.name.rawName.lowercased()): \(field.value)\r\n")
        }
        writer.write(response.status.code, fields: fields, body: body)
    }

    /// Statuses that the framework itself chooses, in LiteLLM's form for them.
    private func write(
        status: Int, _ question: FrameworkQuestion, _ writer: ReplyWriter
    ) async throws(GatewayFault) {
        let detail = "\(StatusText.of(status))"
        var json = JSONWriter()
        json.beginObject()
        json.member("detail", detail)
        json.endObject()
        writer.write(status, fields: FaultFields.json, body: json.buffer)
    }

    private static func collect(_ body: ResponseBody) async throws -> Bytes {
        let collected = Collected()
        try await body.write(CollectingWriter(into: collected))
        return collected.bytes.withLockedValue { $0 }
    }
}

private final class Collected: Sendable {
    let bytes = NIOLockedValueBox(Bytes())
}

private struct CollectingWriter: ResponseBodyWriter {
    private let collected: Collected

    init(into collected: Collected) { self.collected = collected }

    mutating func write(_ buffer: ByteBuffer) async throws {
        collected.bytes.withLockedValue { _ = $0.writeImmutableBuffer(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
