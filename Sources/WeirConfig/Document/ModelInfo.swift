/// `model_info` of an entry: what is known of a model beyond how to call it.
package struct ModelInfo: Sendable {
    package var id: String?
    /// `chat`, `completion`, `embedding`, `image_generation`, `audio_transcription`, `audio_speech`, `rerank`, `moderation`,
    /// `responses`, …
    package var mode: String?
    /// The name to look the price up under.
    package var baseModel: String?
    package var maxTokens: Int?
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    package var accessGroups: [String] = []
    /// Everything that was written below `model_info`, in order, the fields above included: shown by `/model/info`.
    package var fields: [JSONField] = []

    package init() {}
}
