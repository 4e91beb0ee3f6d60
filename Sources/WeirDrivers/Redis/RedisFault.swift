/// Why Redis did not answer a question.
enum RedisFault: Error, Sendable, Equatable {
    /// The connection ended, or could not be made, for this reason.
    case closed(String)
    /// The server answered with an error.
    case refused(RedisRefusal)
    /// No answer came in time.
    case late
    /// The server has not said anything for as long as `RedisBreaker.silence`.
    case silent
    /// The answer is not what the command answers.
    case unexpected(String)

    /// A sentence for the log. Never contains a password, for the server does not repeat it.
    var text: String {
        switch self {
        case .closed(let why): why
        case .refused(let refusal): refusal.text
        case .late: "no answer in time"
        case .silent: "no answer within \(RedisBreaker.silence / 1_000_000) ms"
        case .unexpected(let what): what
        }
    }
}
