import HTTPTypes
import Hummingbird
import Logging
import NIOConcurrencyHelpers
import NIOCore
package import WeirCore
import WeirPipeline
package import WeirWire

/// A request that is no model call, with all that its handler may ask of it.
package struct FrameworkQuestion: Sendable {
    let head: RequestHead
    let bytes: Bytes
    let body: Bytes
    /// Who is calling, or why he may not.
    let access: Result<Principal, GatewayFault>
    let hasCredential: Bool
    let callID: String
    let clientAddress: String

    /// `head` was scanned from the beginning of `bytes`.
    package init(
        head: RequestHead, bytes: Bytes, body: Bytes, access: Result<Principal, GatewayFault>, hasCredential: Bool,
        callID: String, clientAddress: String
    ) {
        self.head = head
        self.bytes = bytes
        self.body = body
        self.access = access
        self.hasCredential = hasCredential
        self.callID = callID
        self.clientAddress = clientAddress
    }
}

/// What is answered to a question.
package struct FrameworkAnswer: Sendable {
    package let status: Int
    /// Field lines, each with its line's end; the length of the body is not among them.
    package let fields: Bytes
    package let body: Bytes
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
    private let methods: AllowedMethods

    init(
        _ responder: any HTTPResponder<DoorContext>, knownPaths: Set<String>, methods: AllowedMethods, logger: Logger
    ) {
        self.methods = methods
        self.responder = responder
        self.logger = logger
        known = knownPaths
    }

    func respond(
        _ question: FrameworkQuestion, _ meter: RequestMeter, _ writer: ReplyWriter
    ) async throws(GatewayFault) {
        if let path = Self.path(question) { meter.event.route = known.contains(path) ? path : "other" }
        let answer = try await answer(question)
        writer.write(answer.status, fields: answer.fields, body: answer.body)
    }

    /// Throws what the door itself has to tell: who is calling is unknown, or may not.
    package func answer(_ question: FrameworkQuestion) async throws(GatewayFault) -> FrameworkAnswer {
        guard let request = Self.request(question) else {
            throw GatewayFault(.malformedRequest, "The request's method, target or a field cannot be read.")
        }
        let allowed = methods.methods(at: request.uri.path)
        if !allowed.isEmpty, !allowed.contains(request.method) { return Self.notAllowed(AllowedMethods.text(allowed)) }
        if HotRoutes.isCall(question.bytes, question.head.path) { return Self.notAllowed("POST") }
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
            return Self.refusal(error.status.code)
        } catch {
            throw GatewayFault(.internalError, "The request could not be answered: \(error).")
        }
        if response.status == .notFound, response.body.contentLength == 0 { return Self.refusal(404) }
        return try await Self.answer(response)
    }

    private static func path(_ question: FrameworkQuestion) -> String? {
        question.bytes.getString(
            at: question.bytes.readerIndex + question.head.path.lowerBound, length: question.head.path.count)
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

    private static func answer(_ response: Response) async throws(GatewayFault) -> FrameworkAnswer {
        let body: Bytes
        do {
            body = try await collect(response.body)
        } catch {
            throw GatewayFault(.internalError, "The answer could not be written: \(error).")
        }
        var fields = Bytes()
        for field in response.headers where field.name != .contentLength && field.name != .transferEncoding {
            fields.writeString("\(field.name.rawName.lowercased()): \(field.value)\r\n")
        }
        return FrameworkAnswer(status: response.status.code, fields: fields, body: body)
    }

    /// Statuses that the framework itself chooses, in LiteLLM's form for them.
    private static func refusal(_ status: Int, fields: Bytes = FaultFields.json) -> FrameworkAnswer {
        var json = JSONWriter()
        json.beginObject()
        json.member("detail", "\(StatusText.of(status))")
        json.endObject()
        return FrameworkAnswer(status: status, fields: fields, body: json.buffer)
    }

    private static func notAllowed(_ methods: String) -> FrameworkAnswer {
        var fields = FaultFields.json
        fields.writeString("allow: \(methods)\r\n")
        return refusal(405, fields: fields)
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
