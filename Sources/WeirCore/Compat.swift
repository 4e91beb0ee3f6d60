/// Which of LiteLLM's two wire contracts is kept: statuses, error types and a few answers changed in between.
package enum Compat: String, Sendable, CaseIterable {
    case v1_83 = "1.83"
    case v1_109 = "1.109"
}
