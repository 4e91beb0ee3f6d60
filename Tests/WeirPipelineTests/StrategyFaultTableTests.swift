import NIOCore
import Testing
import WeirCore
import WeirPipeline
import WeirRouting
import WeirTestKit

/// The table of strategies and faults, as upstreams commit them: what a client gets in each cell, who is asked, and who
/// rests. The clock stands still between requests.
struct StrategyFaultTableTests {
    /// What one of three deployments does with every request.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: @Sendable () -> ScriptedUpstream.Answer
        /// What a client gets whom nobody else can serve.
        let alone: Seen
        /// How long it rests after one failure, in seconds; nil where one is not enough.
        var rest: Int?
        /// It is the client's own: nobody else is asked, and nobody rests.
        var isClients = false
        /// After the first token: nobody else is asked, and it counts.
        var isLate = false
        var streams = false
    }

    enum Seen: Sendable, Equatable {
        case fault(FaultCode)
        case upstream(Int)
    }

    private static func error(
        _ name: String, _ status: Int, _ error: String = #"{"message":"no"}"#, fields: String = "", alone: Seen? = nil,
        rest: Int? = nil, isClients: Bool = false
    ) -> Fault {
        Fault(
            testDescription: name,
            answer: { .reply(.json(#"{"error":\#(error)}"#, status: status, fields: fields)) },
            alone: alone ?? .upstream(status), rest: rest, isClients: isClients)
    }

    private static func broken(_ code: FaultCode) -> Fault {
        Fault(testDescription: "\(code)", answer: { .fault(GatewayFault(code, "made up")) }, alone: .fault(code))
    }

    private static func stream(_ name: String, _ pieces: [String], then code: FaultCode?, alone: Seen) -> Fault {
        Fault(
            testDescription: name,
            answer: {
                let reply = ScriptedReply.events(pieces, ends: code == nil)
                if let code { reply.feed(.fault(GatewayFault(code, "made up"))) }
                return .reply(reply)
            }, alone: alone, isLate: pieces.contains(Script.text), streams: true)
    }

    static let faults: [Fault] = [
        broken(.upstreamRefused), broken(.upstreamReset), broken(.upstreamGarbled), broken(.upstreamTimeout),
        error("401", 401, alone: .fault(.upstreamKeyRefused), rest: 5), error("403", 403, rest: 5),
        error("404", 404, rest: 5),
        error("429 with Retry-After", 429, fields: "retry-after: 17\r\n", rest: 17), error("429", 429, rest: 5),
        error("quota gone", 429, #"{"message":"no","code":"insufficient_quota"}"#, rest: 5),
        error("500", 500), error("502", 502), error("503", 503), error("529", 529),
        error("503 with Retry-After", 503, fields: "retry-after: 9\r\n", rest: 9),
        error("200 with an error", 200, #"{"message":"no","code":500}"#, alone: .upstream(500)),
        error("context length", 400, #"{"message":"no","code":"context_length_exceeded"}"#, isClients: true),
        error("content policy", 400, #"{"message":"no","code":"content_policy_violation"}"#, isClients: true),
        error("400", 400, isClients: true), error("422", 422, isClients: true),
        stream("death before the first token", [Script.role], then: .upstreamReset, alone: .fault(.upstreamReset)),
        stream(
            "silence before the first token", [Script.role], then: .upstreamTimeout, alone: .fault(.upstreamTimeout)),
        stream(
            "an error as the first event", ["data: {\"error\":{\"message\":\"no\",\"code\":500}}\n\n", Script.done],
            then: nil, alone: .upstream(500)),
        stream(
            "death in mid-stream", [Script.role, Script.text], then: .upstreamReset, alone: .fault(.upstreamReset)),
        stream(
            "silence in mid-stream", [Script.role, Script.text], then: .upstreamTimeout,
            alone: .fault(.upstreamTimeout)),
        stream("an end without an end", [Script.role, Script.text], then: nil, alone: .fault(.upstreamReset)),
    ]

    private static let answer = [Script.role, Script.text, Script.finish, Script.usage, Script.done]

    private func hall(_ count: Int, _ strategy: RoutingStrategy, _ fault: Fault) throws -> Hall {
        var routing = Hall.routing(retries: 2)
        routing.strategy = strategy
        routing.retries.repeatsSameDeployment = false
        let deployments = try (0..<count).map { try Hall.openai($0, base: "https://d\($0).example/v1") }
        let hall = Hall(try Hall.snapshot(deployments, routing))
        hall.upstream.answering = { request in
            if request.address.host == "d0.example" { return fault.answer() }
            return .reply(fault.streams ? .events(Self.answer) : .json(Script.reply))
        }
        return hall
    }

    private func seen(_ heard: Hall.Heard) -> Seen? {
        heard.fault.map { fault in
            if let status = fault.upstream?.status { return .upstream(status) }
            return .fault(fault.code)
        }
    }

    private func states(_ hall: Hall) -> [DeploymentState] {
        hall.pipeline.snapshot.planner.allGroups.flatMap(\.candidates).map(\.state)
    }

    @Test(arguments: RoutingStrategy.allCases, faults)
    func `one of three fails, and this is what clients notice`(strategy: RoutingStrategy, fault: Fault) throws {
        let hall = try hall(3, strategy, fault)
        var failing: [Int] = []
        for second in 0..<120 {
            let before = hall.upstream.requests.count
            let heard = try hall.walk(fault.streams ? Script.stream : Script.chat)
            let asked = hall.upstream.requests.dropFirst(before).map(\.address.host)
            let isHit = asked.contains("d0.example")
            if isHit { failing.append(second) }
            if fault.isClients || fault.isLate, isHit {
                #expect(seen(heard) == fault.alone)
                #expect(asked.count == 1, "nobody else is asked")
                #expect(heard.text.contains("Hi") == fault.isLate)
            } else {
                #expect(heard.fault == nil && heard.status == 200)
                #expect(asked.count == (isHit ? 2 : 1) && Set(asked).count == asked.count)
                if fault.streams { #expect(heard.text.count(of: "assistant") == 1) }
            }
            hall.bench.clock.advance(milliseconds: 1000)
        }
        #expect(!failing.isEmpty)
        let gaps = zip(failing, failing.dropFirst()).map { $1 - $0 }
        if let rest = fault.rest { #expect(gaps.allSatisfy { $0 >= rest }, "\(failing)") }
        if fault.isClients {
            #expect(
                states(hall).allSatisfy {
                    !$0.isOpen(at: hall.bench.clock.now) && $0.record(at: hall.bench.clock.now).failed == 0
                })
        } else {
            // Five to find out, then a trial after each rest of five seconds.
            #expect(failing.count <= 5 + 24, "\(failing)")
        }
        #expect(states(hall).allSatisfy { $0.inFlight == 0 })
        #expect(hall.upstream.leftOver == 0)
    }

    @Test(arguments: RoutingStrategy.allCases, faults)
    func `a lone one fails, and this is what its clients hear`(strategy: RoutingStrategy, fault: Fault) throws {
        let hall = try hall(1, strategy, fault)
        for _ in 0..<8 {
            let heard = try hall.walk(fault.streams ? Script.stream : Script.chat)
            #expect(seen(heard) == fault.alone)
            // With status 401 the client would take it for a refusal of his own key.
            #expect(heard.fault?.upstream?.status != 401)
            hall.bench.clock.advance(milliseconds: 1000)
        }
        #expect(hall.upstream.requests.count == 8, "the last one goes on, and is asked once for each request")
        #expect(states(hall).allSatisfy { $0.inFlight == 0 })
        #expect(hall.upstream.leftOver == 0)
    }
}

extension String {
    /// How often `part` is in it.
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}
