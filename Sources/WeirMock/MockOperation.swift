/// What a path asks of the mock upstream.
enum MockOperation: String, CaseIterable {
    case chatCompletions = "/chat/completions"
    case completions = "/completions"
    case embeddings = "/embeddings"
    case responses = "/responses"
    case moderations = "/moderations"
    case rerank = "/rerank"
    case images = "/images/generations"
    case speech = "/audio/speech"
    case transcriptions = "/audio/transcriptions"
    case models = "/models"
    case health = "/health"

    /// The operation that `path` ends in, whatever stands before it: gateways are pointed at all kinds of bases.
    init?(path: String) {
        guard let found = Self.allCases.first(where: { path.hasSuffix($0.rawValue) }) else { return nil }
        self = found
    }

    var method: String { self == .models || self == .health ? "GET" : "POST" }

    var streams: Bool { self == .chatCompletions || self == .completions || self == .responses }
}
