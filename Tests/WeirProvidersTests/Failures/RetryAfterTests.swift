import NIOCore
import Testing
import WeirCore
import WeirProviders

/// The clock stands at 2026-08-21T12:00:00Z in all of these.
struct RetryAfterTests {
    private static let second: Double = 1e9

    /// The wait in seconds.
    private func wait(
        _ fields: String, _ body: String = "", _ kind: FailureClass = .rateLimited, wall: UInt64 = FailureCase.wall
    ) -> Double? {
        let answer = FailureCase.answer(429, body, fields)
        return RetryAfter.wait(fields: answer.fields, body: answer.body, kind: kind, wall: wall)
            .map { Double($0) / Self.second }
    }

    @Test(arguments: [
        ("20", 20), ("1.5", 1.5), ("0.05", 0.05), ("  7 ", 7), ("86399", 86_399), ("1s", 1), ("6m0s", 360),
        ("250ms", 0.25), ("1h2m3.5s", 3723.5), ("2m59.56s", 179.56), ("1d", 86_400), ("12us", 0.000012),
        // Longer is kept, but cut to a day.
        ("86401", 86_400), ("172800", 86_400), ("9000000", 86_400),
        // Instants as numbers.
        ("1787313660", 60), ("1787313600500", 0.5), ("1787313601000000", 1), ("1787313602000000000", 2),
        // HTTP dates in their three forms.
        ("Fri, 21 Aug 2026 12:00:30 GMT", 30), ("Friday, 21-Aug-26 12:01:00 GMT", 60),
        ("Fri Aug 21 12:00:05 2026", 5), ("Tue Sep  1 00:00:00 2026", 86_400), ("fri, 21 aug 2026 12:00:30 gmt", 30),
        // RFC 3339.
        ("2026-08-21T12:00:45Z", 45), ("2026-08-21T14:00:45.5+02:00", 45), ("2026-08-21T05:00:01-07:00", 1),
        ("2026-08-22T00:00:00Z", 43_200),
    ])
    func `a wait is read in all of its forms`(text: String, seconds: Double) throws {
        let told = try #require(wait("Retry-After: \(text)"))
        #expect(abs(told - seconds) < 1e-6)
    }

    @Test(arguments: [
        "", "0", "0.0", "-1", "+5", "soon", "NaN", "inf", "1e3", "5 apples", "5;6", "1,5", "99999999999999999999999",
        // More than a year away.
        "40000000", "999999999", "50000000000", "9999999999", "400d", "9999999999999", "9999999999d",
        "18446744073709551615", "Fri, 21 Aug 2037 12:00:30 GMT",
        // Past.
        "1787313600", "1787313599", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "2025-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
        // No dates.
        "Fri, 32 Aug 2026 12:00:30 GMT", "Fri, 21 Foo 2026 12:00:30 GMT", "Fri, 21 Aug 2026 25:00:30 GMT",
        "Fri, 21 Aug 2026 12:00:30 CET", "Fri, 21 Aug 2026", "2026-13-21T12:00:45Z", "2026-08-21T12:00:45",
        "2026-08-21", "2026-08-21T12:00:45.Z", "2026-08-21T12:00:45Zulu",
    ])
    func `nonsense and the past tell nothing`(text: String) {
        #expect(wait("Retry-After: \(text)") == nil)
    }

    @Test func `leap days are counted`() {
        // 2028-02-28T23:59:50Z
        let wall: UInt64 = 1_835_395_190_000_000_000
        #expect(wait("retry-after: 2028-02-29T00:00:00Z", wall: wall) == 10)
        #expect(wait("retry-after: Tue, 29 Feb 2028 00:00:00 GMT", wall: wall) == 10)
    }

    @Test func `years of two digits are at most fifty years ahead`() {
        // 2099-12-31T23:59:00Z
        let wall: UInt64 = 4_102_444_740_000_000_000
        #expect(wait("retry-after: Friday, 01-Jan-00 00:00:00 GMT", wall: wall) == nil)
        // 2026: the year 99 lies behind us.
        #expect(wait("retry-after: Friday, 31-Dec-99 23:59:59 GMT") == nil)
    }

    @Test func `milliseconds are told apart and go before seconds`() {
        #expect(wait("retry-after-ms: 1500") == 1.5)
        #expect(wait("retry-after: 2\nretry-after-ms: 1500") == 1.5)
        #expect(wait("retry-after: 2\nretry-after-ms: x") == 2)
        #expect(wait("retry-after-ms: 0.5") == 0.0005)
    }

    // MARK: Windows

    @Test(arguments: [
        // OpenAI: only the window that is used up counts.
        (
            """
            x-ratelimit-remaining-requests: 0
            x-ratelimit-remaining-tokens: 149984
            x-ratelimit-reset-requests: 1s
            x-ratelimit-reset-tokens: 6m0s
            """, 1.0
        ),
        (
            """
            x-ratelimit-reset-requests: 1s
            x-ratelimit-reset-tokens: 6m0s
            x-ratelimit-remaining-tokens: 0
            x-ratelimit-remaining-requests: 5
            """, 360
        ),
        // Both are used up: the later.
        (
            """
            x-ratelimit-remaining-requests: 0
            x-ratelimit-remaining-tokens: 0
            x-ratelimit-reset-requests: 250ms
            x-ratelimit-reset-tokens: 30s
            """, 30
        ),
        // Not told which: the sooner.
        ("x-ratelimit-reset-requests: 250ms\nx-ratelimit-reset-tokens: 30s", 0.25),
        // Groq, Azure (bare seconds), Cerebras, Mistral, Together.
        (
            """
            x-ratelimit-remaining-requests: 14370
            x-ratelimit-remaining-tokens: 0
            x-ratelimit-reset-requests: 2m59.56s
            x-ratelimit-reset-tokens: 7.66s
            """, 7.66
        ),
        ("x-ratelimit-reset-requests: 10\nx-ratelimit-remaining-requests: 0", 10),
        ("x-ratelimit-remaining-tokens-minute: 0\nx-ratelimit-reset-tokens-minute: 11.38", 11.38),
        ("ratelimitbysize-reset: 36\nratelimitbysize-remaining: 0", 36),
        ("x-ratelimit-reset: 1\nx-ratelimit-remaining: 0", 1),
        // Anthropic.
        (
            """
            anthropic-ratelimit-requests-remaining: 49
            anthropic-ratelimit-requests-reset: 2026-08-21T12:00:01Z
            anthropic-ratelimit-input-tokens-remaining: 0
            anthropic-ratelimit-input-tokens-reset: 2026-08-21T12:00:20Z
            """, 20
        ),
        // OpenRouter: milliseconds since 1970. GitHub: seconds.
        ("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1787313690000", 90),
        ("X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1787313690", 90),
        // The IETF's fields, older and newer.
        ("RateLimit-Remaining: 0\nRateLimit-Reset: 50", 50),
        (#"RateLimit: "burst";r=3;t=100, "daily";r=0;t=30"#, 30),
        ("RateLimit: limit=100, remaining=0, reset=40", 40),
        // Retry-After is the upstream's own conclusion.
        ("x-ratelimit-remaining-tokens: 0\nx-ratelimit-reset-tokens: 6m0s\nretry-after: 9", 9),
    ])
    func `a window that is used up tells the wait`(fields: String, seconds: Double) throws {
        let told = try #require(wait(fields))
        #expect(abs(told - seconds) < 1e-6)
    }

    @Test(arguments: [
        // Something remains of everything: which limit was hit is not told.
        "x-ratelimit-remaining-tokens: 500\nx-ratelimit-reset-tokens: 6m0s",
        "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: soon",
        "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 0", "ratelimit: nonsense",
        #"RateLimit: "x";r=5;t=30"#, "x-ratelimit-reset: 0\nx-ratelimit-remaining: 0",
    ])
    func `windows that are not used up tell nothing`(fields: String) {
        #expect(wait(fields) == nil)
    }

    @Test func `a negative remainder is used up`() {
        #expect(wait("x-ratelimit-remaining: -3\nx-ratelimit-reset: 8") == 8)
    }

    // MARK: Bodies

    @Test(arguments: [
        (#"{"error":{"details":[{"@type":"a/google.rpc.RetryInfo","retryDelay":"34s"}]}}"#, 34.0),
        (#"[{"error":{"details":[{"retryDelay":"34.074824224s"}]}}]"#, 34.074824224),
        (#"{"error":"Model is loading","estimated_time":20.5}"#, 20.5),
        (#"{"error":{"message":"x","metadata":{"retry_after_seconds":12}}}"#, 12),
        (#"{"error":{"retry_after_ms":1200}}"#, 1.2), (#"{"retry_after":"3"}"#, 3),
        (
            #"{"error":{"metadata":{"headers":{"X-RateLimit-Remaining":"0","X-RateLimit-Reset":"1787313690000"}}}}"#,
            90
        ),
        (#"{"error":{"message":"Limit 10, Used 10. Please try again in 7m12.5s. Visit"}}"#, 432.5),
        (#"{"error":{"message":"Please try again in 6ms."}}"#, 0.006),
        (#"{"error":{"message":"Please retry after 26 seconds."}}"#, 26),
        (#"{"error":{"message":"Please retry in 34.5s."}}"#, 34.5),
        (#"{"error":{"message":"Try again in 1 minute"}}"#, 60),
        ("Try again in 13 seconds", 13),
    ])
    func `a body may tell the wait`(body: String, seconds: Double) throws {
        let told = try #require(wait("", body))
        #expect(abs(told - seconds) < 1e-6)
    }

    @Test(arguments: [
        #"{"error":{"message":"try again in a while"}}"#, #"{"error":{"message":"try again in 3 hours"}}"#,
        #"{"error":{"message":"try again in "}}"#, #"{"error":{"details":[{"retryDelay":"soon"}]}}"#,
        #"{"input":{"retry_after":5}}"#, #"{"error":{"retry_after":null}}"#,
    ])
    func `a body may tell nothing`(body: String) {
        #expect(wait("", body) == nil)
    }

    @Test func `a field goes before the body`() {
        #expect(wait("retry-after: 5", #"{"error":{"details":[{"retryDelay":"34s"}]}}"#) == 5)
    }

    // MARK: Classes

    @Test(arguments: FailureClass.allCases)
    func `only failures that pass have a wait`(kind: FailureClass) {
        let passes: Set<FailureClass> = [.timeout, .rateLimited, .quotaExhausted, .overloaded, .serverError]
        #expect(wait("retry-after: 5", "", kind) == (passes.contains(kind) ? 5 : nil))
    }

    @Test func `windows concern limits only`() {
        let fields = "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 5s"
        #expect(wait(fields, "", .serverError) == nil)
        #expect(wait(fields, "", .overloaded) == nil)
        #expect(wait(fields, "", .quotaExhausted) == 5)
        #expect(wait("x-ratelimit-reset-requests: 5s", "", .quotaExhausted) == nil)
    }

    @Test func `a day's quota is not believed to be back in a few seconds`() {
        let body = #"{"error":{"message":"try again in 5s","details":[{"retryDelay":"12s"}]}}"#
        #expect(wait("", body, .quotaExhausted) == nil)
    }

    @Test func `a line too long to be a time is passed over`() {
        #expect(wait("retry-after: \(String(repeating: "1", count: 500))\nretry-after-ms: 2000") == 2)
    }
}
