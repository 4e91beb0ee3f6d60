import Testing
import WeirCore
import WeirRouting

struct BreakerTests {
    private func rest(
        _ kind: FailureClass, retryAfter: UInt64? = nil, _ settings: CooldownSettings = CooldownSettings(),
        failed: Int = 1, succeeded: Int = 100
    ) -> UInt64? {
        var breaker = Breaker()
        return breaker.rest(
            after: Failure(kind, retryAfter: retryAfter), settings, failed: failed, succeeded: succeeded, at: 1)
    }

    @Test(arguments: [
        (FailureClass.badRequest, false), (.contextWindow, false), (.contentPolicy, false), (.authentication, true),
        (.notFound, true), (.timeout, false), (.rateLimited, true), (.quotaExhausted, true), (.overloaded, false),
        (.serverError, false), (.connection, false),
    ])
    func `one failure of these classes is enough`(kind: FailureClass, isEnough: Bool) {
        #expect(rest(kind) == (isEnough ? 5 * .second : nil))
    }

    @Test(arguments: [
        (5, 4, true), (5, 5, false), (3, 1, false), (4, 1, true), (5, 0, true), (4, 0, false), (60, 40, true),
    ])
    func `more than half of at least five calls is too much`(failed: Int, succeeded: Int, isTooMuch: Bool) {
        #expect((rest(.serverError, failed: failed, succeeded: succeeded) != nil) == isTooMuch)
    }

    @Test(arguments: FailureClass.allCases.filter(\.isClients))
    func `a client's own fault never counts`(kind: FailureClass) {
        var settings = CooldownSettings()
        settings.allowedFails = 0
        #expect(rest(kind, retryAfter: .second, settings, failed: 100, succeeded: 0) == nil)
    }

    @Test(arguments: FailureClass.allCases)
    func `nothing rests where cooldowns are off`(kind: FailureClass) {
        var settings = CooldownSettings()
        settings.isDisabled = true
        #expect(rest(kind, retryAfter: .second, settings, failed: 100, succeeded: 0) == nil)
    }

    @Test func `the upstream's own time stands above the cooldown time and has a bound`() {
        #expect(rest(.overloaded, retryAfter: 2 * .second) == 2 * .second)
        #expect(rest(.rateLimited, retryAfter: 30 * .second) == 30 * .second)
        #expect(rest(.rateLimited, retryAfter: 3600 * .second) == 600 * .second)
        #expect(rest(.rateLimited, retryAfter: 0) == 5 * .second)
    }

    @Test func `thirty seconds after three failures`() {
        var settings = CooldownSettings()
        settings.allowedFails = 2
        settings.time = 30 * .second
        var breaker = Breaker()
        let failure = Failure(.serverError)
        for time in [1, 10] as [UInt64] {
            #expect(breaker.rest(after: failure, settings, failed: 9, succeeded: 0, at: time * .second) == nil)
        }
        #expect(breaker.rest(after: failure, settings, failed: 9, succeeded: 0, at: 20 * .second) == 30 * .second)
    }

    @Test func `failures older than the cooldown time are forgiven`() {
        var settings = CooldownSettings()
        settings.allowedFails = 2
        var breaker = Breaker()
        for time in [10, 13, 16, 19, 22] as [UInt64] {
            #expect(
                breaker.rest(after: Failure(.timeout), settings, failed: 9, succeeded: 0, at: time * .second) == nil)
        }
        #expect(breaker.rest(after: Failure(.timeout), settings, failed: 9, succeeded: 0, at: 23 * .second) != nil)
    }

    @Test func `a number for a class stands above the general one and above every other rule`() {
        var settings = CooldownSettings()
        settings.allowedFails = 0
        settings.allowedFailsPolicy = [.authentication: 3, .rateLimited: 1]
        #expect(rest(.authentication, settings) == nil)
        #expect(rest(.rateLimited, retryAfter: 9 * .second, settings) == nil)
        #expect(rest(.connection, settings) != nil)
    }

    @Test func `what was before a rest counts no more after it`() {
        var settings = CooldownSettings()
        settings.allowedFails = 1
        var breaker = Breaker()
        let rests = (0..<4).map { _ in
            breaker.rest(after: Failure(.timeout), settings, failed: 1, succeeded: 0, at: .second) != nil
        }
        #expect(rests == [false, true, false, true])
    }
}
