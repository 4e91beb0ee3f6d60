/// `model_info` of an entry: what is known of a model beyond how to call it.
package struct ModelInfo: Sendable {
    package var id: String?
    /// `chat`, `completion`, `embedding`, `image_generation`, `audio_transcription`, `audio_speech`, `rerank`, `moderation`,
    /// `responses`, …
    package var mode: String?
    /// The name to look the price up under.
    package var baseModel: String?
    /// Kept; not acted on yet.
    package var maxTokens: Int?
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    package var accessGroups: [String] = []
    /// `team_id`: the team that the model belongs to.
    package var teamID: String?
    /// `health_check_timeout`: the longest wait for this backend's health; greater than zero.
    package var healthCheckTimeout: Duration?
    /// `health_check_model`: what a health check with inference asks of a wildcard.
    package var healthCheckModel: String?
    /// `health_check_with_inference`: nil for what `health_checks` says.
    package var healthCheckWithInference: Bool?
    /// `disable_background_health_check`.
    package var skipsBackgroundHealthCheck = false
    /// Everything that was written below `model_info`, in order, the fields above included: shown by `/model/info`.
    package var fields: [JSONField] = []

    package init() {}
}
