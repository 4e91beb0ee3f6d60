/// How many tokens a request may have, told from its bytes alone.
///
/// `likely`: one token for each 4 bytes of the body, rounded up, and 8 for what a chat template adds. For English prose and
/// code in JSON that is right within about 30 %; for Chinese, Japanese or Korean it may be half of the truth.
/// `upper`: one token for each byte, which no byte-level tokenizer exceeds (the JSON around a message is longer than what a
/// template adds for it). With it a limit on tokens holds exactly, as long as the answer keeps to its `max_tokens`.
/// Neither counts images and audio that the body only names.
package struct TokenEstimate: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case likely, upper }

    package var kind: Kind
    /// What an answer is taken to have when the request does not say.
    package var answerTokens: Int

    package init(kind: Kind = .likely, answerTokens: Int = 1024) {
        self.kind = kind
        self.answerTokens = answerTokens
    }

    /// Tokens of the prompt.
    package func prompt(bytes: Int) -> Int {
        guard bytes > 0 else { return 0 }
        return kind == .upper ? bytes : (bytes - 1) / 4 + 1 + 8
    }

    /// Tokens of the prompt and the longest answer. `answers` is how many answers are asked for (`n`); an operation
    /// without an answer in tokens (embeddings) passes 0.
    package func total(bytes: Int, maxTokens: Int?, answers: Int = 1) -> Int {
        let each = min(max(0, maxTokens ?? answerTokens), 1 << 31)
        return min(prompt(bytes: min(bytes, 1 << 40)) + each * min(max(0, answers), 1024), Int(UInt32.max))
    }
}
