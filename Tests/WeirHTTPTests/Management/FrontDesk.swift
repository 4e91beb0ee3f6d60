import Logging
import NIOCore
import WeirAccess
import WeirCore
import WeirHTTP
import WeirTestKit
import WeirWire

/// Every route that is no model call, with a store in memory behind it and nothing in front: who is calling is said by
/// the test.
struct FrontDesk: Sendable {
    /// What somebody is told: an answer, or the door's own refusal.
    struct Heard: Sendable {
        var status = 0
        var fields = ""
        var body = ""
        var fault: FaultCode?

        /// Neither an answer of 500 and above nor a refusal that blames the gateway.
        var isSound: Bool { fault.map { $0.source == .client } ?? (200..<500).contains(status) }
    }

    let store: any Store
    let routes: [ListedRoute]
    private let responder: FrameworkResponder

    init(_ store: any Store = MemoryStore(), compat: Compat = .v1_83) {
        self.store = store
        var policy = OfficePolicy()
        policy.compat = compat
        let clock = TestClock()
        let chance = LockedRandom()
        let desk = Desk(
            store: store, time: clock.source, policy: policy, vault: Vault(master: Secret("a master secret")),
            chance: { chance.next() })
        let table = RouteTable(QuietHouse(compat: compat, offices: Offices(desk)))
        routes = table.listed
        responder = table.responder(logger: Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// The routes as they stand in the table; the same for every desk.
    static let routes = FrontDesk().routes

    func ask(
        _ method: String, _ target: String, _ body: String = "", as caller: Result<Principal, GatewayFault> = .master
    ) async throws -> Heard {
        let text = "\(method) \(target) HTTP/1.1\r\nHost: weir\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let bytes = Bytes(string: text)
        var resume = 0
        guard
            let head = try bytes.withUnsafeReadableBytes({
                try RequestHead.scan($0, from: &resume, limits: HTTPLimits())
            })
        else { return Heard(status: 400) }
        let question = FrameworkQuestion(
            head: head, bytes: bytes, body: Bytes(string: body), access: caller, hasCredential: caller.isSomebody,
            callID: "a call", clientAddress: "192.0.2.7")
        do throws(GatewayFault) {
            let answer = try await responder.answer(question)
            return Heard(status: answer.status, fields: answer.fields.text, body: answer.body.text)
        } catch {
            return Heard(fault: error.code)
        }
    }

    func ask(
        _ route: ListedRoute, _ body: JSONObject, as caller: Result<Principal, GatewayFault> = .master
    ) async throws -> Heard {
        let hasBody = !route.body.fields.isEmpty || route.body.isOpen
        return try await ask(
            route.method, route.target, hasBody ? JSONWriter.text(of: .object(body)) : "", as: caller)
    }

    /// How much has been changed: the number of the last change, and of entries for the auditor.
    func changes() async throws -> [Int] {
        try await store.read { session in
            [Int(try session.lastChange()), try session.audit(AuditQuery()).total]
        }
    }
}

extension Result where Success == Principal, Failure == GatewayFault {
    static var master: Self { .success(Principal(kind: .master, keyHash: "master", alias: "", index: 1)) }

    /// A key of somebody with this role; of nobody at all where the role is `unknown`.
    static func somebody(_ role: Role) -> Self {
        if role == .proxyAdmin { return .master }
        var grant = GrantDraft()
        grant.role = role
        grant.userID = role == .unknown ? nil : "somebody"
        return .success(
            Principal(
                kind: .key, keyHash: String(repeating: "ab", count: 32), alias: "", index: 2, grant: grant))
    }

    var isSomebody: Bool { if case .failure(let fault) = self { fault.code != .keyMissing } else { true } }
}

extension ListedRoute: CustomStringConvertible {
    package var description: String { "\(method) \(path)" }

    /// The path with something in the place of each name.
    var target: String { path.replacing("**", with: "some/thing").replacing(/\{[^}]*\}/, with: "some-thing") }

    /// A body that the form takes: every required field has a value.
    var soundBody: JSONObject {
        JSONObject(body.fields.filter(\.isRequired).map { .init($0.name, NastyValues.sound($0.kind)) })
    }
}
