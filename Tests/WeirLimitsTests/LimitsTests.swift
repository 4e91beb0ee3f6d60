import Testing
import WeirCoordination
import WeirCore
import WeirLimits

struct LimitsTests {
    private static let second: UInt64 = 1_000_000_000
    private let ada = Principal(kind: .token, keyHash: "ada-hash", alias: "ada", index: 1)
    private let bob = Principal(kind: .token, keyHash: "bob-hash", alias: "", index: 2)

    private func limits(_ board: LimiterBoard = LimiterBoard(), _ change: (inout LimitsSettings) -> Void) -> Limits {
        var settings = LimitsSettings()
        change(&settings)
        return Limits(settings, board: board) { 1_795_231_958 * Self.second }
    }

    /// The fault of one more request; nil when it is let in.
    private func refusal(
        _ limits: Limits, _ principal: Principal, group: String = "gpt", tokens: Int = 1, at now: UInt64 = second
    ) -> GatewayFault? {
        do {
            _ = try limits.admitNow(principal, group: group, tokens: tokens, at: now)
            return nil
        } catch { return error }
    }

    @Test func `without limits the permit costs nothing`() throws {
        let limits = limits { _ in }
        var computed = false
        func estimate() -> Int {
            computed = true
            return 1
        }
        let permit = try limits.admitNow(ada, group: "gpt", tokens: estimate(), at: 1)
        #expect(permit === Permit.free)
        #expect(!computed)
        #expect(limits.readings(ada, group: "gpt", at: 1) == LimitReadings())
    }

    @Test func `each key without limits of its own has the default's window for itself`() {
        let limits = limits {
            $0.defaultPrincipal = LimitSet(requestsPerMinute: 1)
            $0.perPrincipal = ["ada": LimitSet(requestsPerMinute: 2)]
        }
        let eve = Principal(kind: .token, keyHash: "eve", alias: "eve", index: 17)
        #expect(refusal(limits, ada) == nil)
        #expect(refusal(limits, ada) == nil)
        #expect(refusal(limits, ada) != nil)
        for one in [bob, eve] {
            #expect(refusal(limits, one) == nil)
            #expect(refusal(limits, one) != nil)
        }
    }

    @Test func `a key is named by its digest too, and an empty set frees it`() {
        let limits = limits {
            $0.defaultPrincipal = LimitSet(requestsPerMinute: 0)
            $0.perPrincipal = ["bob-hash": LimitSet()]
        }
        #expect(refusal(limits, bob) == nil)
        #expect(refusal(limits, ada) != nil)
    }

    @Test func `a refusal names the limit and when it frees`() throws {
        let limits = limits { $0.perPrincipal = ["ada": LimitSet(requestsPerMinute: 1)] }
        #expect(refusal(limits, ada) == nil)
        let fault = try #require(refusal(limits, ada, at: 11 * Self.second))
        #expect(fault.code == .rateLimited)
        #expect(fault.retryAfter == 50 * Self.second)
        #expect(
            fault.message
                == "Rate limit exceeded for api_key: ada-hash. Limit type: requests. Current limit: 1, Remaining: 0. "
                + "Limit resets at: 2026-11-21 03:33:28 UTC.")
    }

    @Test(arguments: ["parallel", "requests", "tokens"])
    func `when the last limit refuses nothing is taken of the others`(kind: String) {
        let board = LimiterBoard()
        let limits = limits(board) {
            $0.defaultPrincipal = LimitSet(requestsPerMinute: 10, tokensPerMinute: 1000, parallel: 10)
            $0.perGroup = ["gpt": LimitSet(requestsPerMinute: 10, tokensPerMinute: 1000, parallel: 10)]
            $0.global = LimitSet(
                requestsPerMinute: kind == "requests" ? 0 : 5, tokensPerMinute: kind == "tokens" ? 0 : 500,
                parallel: kind == "parallel" ? 0 : 5)
        }
        for _ in 0..<100 { #expect(refusal(limits, ada, tokens: 20)?.message.contains("global: all") == true) }
        for id in ["key:ada-hash", "group:gpt", "global"] {
            for part in ["requests", "tokens"] {
                let limiter = board.limiter(id: "\(id):\(part)", limit: 9)
                #expect(limiter.reading(at: 2 * Self.second).used == 0)
            }
            #expect(board.slots(id: "\(id):parallel", limit: 9).inUse == 0)
        }
    }

    @Test func `tokens are reserved and settled once`() throws {
        let board = LimiterBoard()
        let limits = limits(board) { $0.global = LimitSet(tokensPerMinute: 1000, parallel: 1) }
        let permit = try #require(try limits.admitNow(ada, group: "gpt", tokens: 800, at: Self.second))
        #expect(permit.reserved == 800)
        #expect(permit.readings(at: Self.second).tokens?.remaining == 200)
        permit.settle(tokens: 100, at: 2 * Self.second)
        permit.settle(tokens: 0, at: 2 * Self.second)
        #expect(permit.readings(at: 2 * Self.second).tokens?.remaining == 900)
        #expect(board.slots(id: "global:parallel", limit: 1).inUse == 0)
        let next = try #require(try limits.admitNow(ada, group: "gpt", tokens: 900, at: 3 * Self.second))
        next.settle(tokens: nil, at: 4 * Self.second)
        #expect(next.readings(at: 4 * Self.second).tokens?.remaining == 0)
    }

    @Test func `a dropped permit gives its parallel slot back`() throws {
        let limits = limits { $0.defaultPrincipal = LimitSet(parallel: 1) }
        var permit = try limits.admitNow(ada, group: "gpt", tokens: 0, at: 1)
        #expect(refusal(limits, ada)?.message.contains("max_parallel_requests") == true)
        #expect(permit != nil)
        permit = nil
        #expect(refusal(limits, ada) == nil)
    }

    @Test func `a reload keeps the windows`() {
        let board = LimiterBoard()
        let before = limits(board) { $0.perGroup = ["gpt": LimitSet(requestsPerMinute: 2)] }
        #expect(refusal(before, ada) == nil)
        let after = limits(board) { $0.perGroup = ["gpt": LimitSet(requestsPerMinute: 1)] }
        #expect(refusal(after, ada)?.message.contains("model_group: gpt") == true)
        #expect(refusal(after, ada, group: "other") == nil)
    }

    @Test func `readings tell the tightest of what applied`() throws {
        let limits = limits {
            $0.global = LimitSet(requestsPerMinute: 100, tokensPerMinute: 50)
            $0.defaultPrincipal = LimitSet(requestsPerMinute: 10, tokensPerMinute: 5000)
        }
        let permit = try #require(try limits.admitNow(ada, group: "gpt", tokens: 20, at: Self.second))
        let readings = permit.readings(at: Self.second)
        #expect(readings.requests?.limit == 10)
        #expect(readings.requests?.remaining == 9)
        #expect(readings.tokens == LimitReading(limit: 50, used: 20, remaining: 30, resetAfter: 60 * Self.second))
    }

    @Test func `a shared limit is asked for and holds for two replicas`() async throws {
        let store = MemorySharedState { 1_000_000 }
        var admitted = 0
        for name in ["one", "two"] {
            let link = SharedLink(store: store, replica: name) { 5 * Self.second }
            let limits = limits(LimiterBoard(shared: link)) {
                $0.global = LimitSet(requestsPerMinute: 5, tokensPerMinute: 1000, parallel: 8)
            }
            #expect(try limits.admitNow(ada, group: "gpt", tokens: 10, at: 5 * Self.second) == nil)
            for _ in 0..<4 {
                do throws(GatewayFault) {
                    let permit = try await limits.admit(ada, group: "gpt", tokens: 10, at: 5 * Self.second)
                    permit.settle(tokens: 10, at: 5 * Self.second)
                    admitted += 1
                } catch { #expect(error.code == .rateLimited) }
            }
        }
        #expect(admitted == 5)
    }

    @Test func `with a store that is away the closed mode says that it is not the caller's fault`() async {
        let link = SharedLink(store: NoStore(), replica: "one", failureMode: .closed) { 5 * Self.second }
        let limits = limits(LimiterBoard(shared: link)) { $0.global = LimitSet(requestsPerMinute: 5) }
        do throws(GatewayFault) {
            _ = try await limits.admit(ada, group: "gpt", tokens: 10, at: 5 * Self.second)
            Issue.record("it was let in")
        } catch {
            #expect(error.code == .limitsUnavailable)
            #expect(error.retryAfter == Self.second)
        }
    }

    private final class NoStore: SharedState {
        var losses: UInt64 { 0 }

        func ask(_ questions: [SharedQuestion], answer: @escaping @Sendable ([SharedAnswer]?) -> Void) { answer(nil) }
    }

    // MARK: Customers

    private func customer(_ id: String, _ index: Int, _ limits: LimitGrant...) -> Principal {
        var grant = GrantDraft()
        grant.limits = limits
        return Principal(kind: .customer, keyHash: id, alias: "", index: index, grant: grant)
    }

    private func refusal(_ limits: Limits, _ principal: Principal, for customer: Principal?) -> GatewayFault? {
        do {
            _ = try limits.admitNow(principal, for: customer, group: "gpt", tokens: 1, at: Self.second)
            return nil
        } catch { return error }
    }

    @Test func `a customer has one window over all keys that call for him`() throws {
        let limits = limits { _ in }
        let eve = customer("eve", 1 << 40, LimitGrant(id: "end_user:e", title: "end_user: eve", requestsPerMinute: 2))
        #expect(limits.concern(ada, for: eve) && !limits.concern(ada) && !limits.concern(ada, for: customer("x", 5)))
        #expect(refusal(limits, ada, for: eve) == nil)
        #expect(refusal(limits, bob, for: eve) == nil)
        let fault = try #require(refusal(limits, ada, for: eve))
        #expect(
            fault.message.hasPrefix("Rate limit exceeded for end_user: eve. Limit type: requests. Current limit: 2, "))
        #expect(refusal(limits, ada, for: nil) == nil)
        #expect(limits.readings(ada, for: eve, group: "gpt", at: Self.second).requests?.remaining == 0)
    }

    @Test func `a customer is limited besides the key, its group and all, and before those who are shared`() throws {
        let limits = limits {
            $0.perPrincipal = ["ada": LimitSet(requestsPerMinute: 10)]
            $0.perGroup = ["gpt": LimitSet(requestsPerMinute: 1)]
            $0.global = LimitSet(requestsPerMinute: 1)
        }
        let eve = customer("eve", 1 << 40, LimitGrant(id: "end_user:e", title: "end_user: eve", requestsPerMinute: 1))
        #expect(refusal(limits, ada, for: eve) == nil)
        #expect(refusal(limits, ada, for: eve)?.message.contains("end_user: eve") == true)
        #expect(refusal(limits, ada, for: nil)?.message.contains("model_group: gpt") == true)
        #expect(limits.readings(ada, group: "gpt", at: Self.second).requests?.remaining == 0)
    }

    @Test func `a default for keys is none for customers`() {
        let limits = limits { $0.defaultPrincipal = LimitSet(requestsPerMinute: 1) }
        let eve = customer("eve", 1 << 40, LimitGrant(id: "end_user:e", title: "end_user: eve", requestsPerMinute: 9))
        for index in 10..<15 {
            let key = Principal(kind: .token, keyHash: "k\(index)", alias: "", index: index)
            #expect(refusal(limits, key, for: eve) == nil)
        }
    }

    @Test func `with all that a key can have a customer's limit holds, and nothing is lost`() throws {
        var grant = GrantDraft()
        grant.limits = (0..<12).map {
            LimitGrant(id: "key:\($0)", title: "t\($0)", requestsPerMinute: 100, parallel: 5)
        }
        let full = Principal(kind: .key, keyHash: "f", alias: "", index: 3, grant: grant)
        let limits = limits {
            $0.defaultPrincipal = LimitSet(parallel: 3)
            $0.perGroup = ["gpt": LimitSet(parallel: 3)]
            $0.global = LimitSet(parallel: 3)
        }
        let eve = customer("eve", 1 << 40, LimitGrant(id: "end_user:e", title: "end_user: eve", parallel: 1))
        for _ in 0..<5 {
            let permit = try #require(
                try limits.admitNow(full, for: eve, group: "gpt", tokens: 1, at: Self.second))
            #expect(refusal(limits, full, for: eve)?.message.contains("end_user: eve") == true)
            permit.settle(tokens: 1, at: Self.second)
        }
    }
}
