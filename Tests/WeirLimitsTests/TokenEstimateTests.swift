import Testing
import WeirLimits

struct TokenEstimateTests {
    @Test(arguments: [
        (TokenEstimate.Kind.likely, 0, Int?.some(10), 1, 10), (.likely, 400, 50, 1, 158), (.likely, 401, nil, 1, 1133),
        (.upper, 400, 50, 2, 500), (.likely, 4, -5, 1, 9), (.upper, .max, .max, .max, 4_294_967_295),
        (.likely, 4000, 100, 0, 1008),
    ])
    func `tokens are estimated from bytes`(
        kind: TokenEstimate.Kind, bytes: Int, maxTokens: Int?, answers: Int, expected: Int
    ) {
        let estimate = TokenEstimate(kind: kind)
        #expect(estimate.total(bytes: bytes, maxTokens: maxTokens, answers: answers) == expected)
    }
}
