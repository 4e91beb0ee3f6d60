/// What a model is asked to do: one case for each kind of endpoint that OpenAI's API has for models.
package enum Operation: UInt8, Sendable, CaseIterable, Hashable {
    case chatCompletions, completions, embeddings, responses, moderations, rerank, imageGenerations, audioSpeech,
        audioTranscriptions

    /// The path below the API's base (`/v1`), as OpenAI spells it.
    package var path: String {
        switch self {
        case .chatCompletions: "/chat/completions"
        case .completions: "/completions"
        case .embeddings: "/embeddings"
        case .responses: "/responses"
        case .moderations: "/moderations"
        case .rerank: "/rerank"
        case .imageGenerations: "/images/generations"
        case .audioSpeech: "/audio/speech"
        case .audioTranscriptions: "/audio/transcriptions"
        }
    }

    /// The body is `multipart/form-data` instead of JSON.
    package var isMultipart: Bool { self == .audioTranscriptions }

    /// A streamed reply can be asked to end with an event that carries the usage (`stream_options.include_usage`).
    package var hasStreamOptions: Bool { self == .chatCompletions || self == .completions }
}
