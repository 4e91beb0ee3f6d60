import Foundation
import Testing
import WeirConfig

/// The files that the documents tell to begin with.
@Suite struct ExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../config/examples")

    @Test func `every example is read strictly without a word`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path()).sorted()
            .filter { $0.hasSuffix(".yaml") }
        #expect(files.count >= 6)
        let environment = Dictionary(
            uniqueKeysWithValues: [
                "LITELLM_MASTER_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GROQ_API_KEY",
                "APP_TOKEN", "BATCH_TOKEN", "AI_GATEWAY_API_KEY", "AZURE_API_KEY", "REDIS_PASSWORD",
            ].map { ($0, "sk-\($0)") }
        )
        .merging(["AZURE_API_BASE": "https://unit.openai.azure.com", "REDIS_HOST": "redis"]) { $1 }
        for file in files {
            let path = Self.folder.appending(path: file).path()
            let reading = ConfigReader.read(path: path, environment: environment, strict: true)
            #expect(reading.problems.map(\.description) == [], "\(file)")
        }
    }
}
