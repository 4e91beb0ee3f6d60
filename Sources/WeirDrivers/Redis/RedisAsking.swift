import WeirCoordination

/// One `ask` on its way: its answers as they come in. Bound to the client's loop once it has been handed over.
final class RedisAsking {
    private(set) var questions: [RedisQuestion]
    /// Nanoseconds of the monotonic clock.
    let askedAt: UInt64
    private var answers: [SharedAnswer?]
    private var missing: Int
    private var answer: (@Sendable ([SharedAnswer]?) -> Void)?

    init(_ ask: RedisAsk) {
        questions = ask.questions.map(RedisQuestion.init)
        askedAt = ask.askedAt
        answers = Array(repeating: nil, count: questions.count)
        missing = questions.count
        answer = ask.answer
    }

    /// Nobody waits any more.
    var isDone: Bool { answer == nil }

    /// The questions without an answer.
    var unanswered: [RedisQuestion] { zip(questions, answers).filter { $0.1 == nil }.map { $0.0 } }

    /// Takes the answer to one question; true when it was the last one that was missing, and `answerAll` may be called.
    func take(_ part: SharedAnswer, _ index: Int) -> Bool {
        guard !isDone, answers[index] == nil else { return false }
        answers[index] = part
        missing -= 1
        return missing == 0
    }

    /// Hands over all answers.
    func answerAll() { finish(answers.compactMap { $0 }) }

    /// Answers nil; false when it has been answered already.
    func giveUp() -> Bool {
        guard !isDone else { return false }
        finish(nil)
        return true
    }

    private func finish(_ result: [SharedAnswer]?) {
        let answer = answer.take()
        // The record stays in the queue of deadlines for a while: it need not keep the ids alive.
        questions = []
        answers = []
        answer?(result)
    }
}

/// An `ask` as it is handed to the client's loop.
struct RedisAsk: Sendable {
    let questions: [SharedQuestion]
    let askedAt: UInt64
    let answer: @Sendable ([SharedAnswer]?) -> Void
}

/// One question of an ask, on its way to one server.
struct RedisPart {
    let asking: RedisAsking
    let index: Int
    /// Servers that have sent it on.
    var redirects = 0
    /// The server did not know the script: the text goes with the question.
    var needsText = false
    /// The slot is moving, and this server takes the question only after `ASKING`.
    var isGuest = false
}
