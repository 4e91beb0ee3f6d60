/// What kind of answer a model gives; the raw values are LiteLLM's names.
///
/// Only modes whose whole bill is tokens of text are listed: pictures, speech and seconds have prices that
/// `TokenPrice` cannot express.
package enum ModelMode: String, Sendable, CaseIterable {
    case chat
    case completion
    case responses
    case embedding
    case rerank
    case moderation

    /// Whether the model writes nothing that could have a price, so that a missing output price means zero.
    var isWithoutOutput: Bool {
        switch self {
        case .embedding, .rerank, .moderation: true
        case .chat, .completion, .responses: false
        }
    }
}
