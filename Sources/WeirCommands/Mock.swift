import ArgumentParser
import WeirCore
import WeirMock

/// `weir mock`
struct Mock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Be an upstream that fails as it is told to, to try a configuration against.",
        discussion: """
            Choose a failure by the model's name (model: openai/mock/429), by the address \
            (api_base: http://127.0.0.1:9000/scenario/reset-mid-stream/v1) or by the header x-weir-scenario.
            GET /__journal tells what was received, keys included: do not send it real ones.
            """)

    @Option(name: [.short, .long], help: "The port to listen on; 0 for one that is free.")
    var port = 9000

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Milliseconds before each reply.")
    var delay = 0

    @Option(help: "Pieces of text in a stream (default: one for each word).")
    var chunks: Int?

    @Option(help: "Milliseconds between the pieces of a stream.")
    var interval = 0

    @Flag(help: "List the scenarios and end.")
    var list = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be between 0 and 65535") }
        guard (0...3_600_000).contains(delay), (0...3_600_000).contains(interval) else {
            throw ValidationError("--delay and --interval must be between 0 and 3600000 milliseconds")
        }
        guard chunks.map({ (1...100_000).contains($0) }) ?? true else {
            throw ValidationError("--chunks must be between 1 and 100000")
        }
    }

    func run() async throws {
        if list {
            let width = MockScenario.allCases.map(\.rawValue.count).max() ?? 0
            for scenario in MockScenario.allCases {
                let gap = String(repeating: " ", count: width - scenario.rawValue.count + 2)
                print(scenario.rawValue + gap + scenario.summary)
            }
            return
        }
        var settings = MockSettings()
        settings.delay = Timeout(.milliseconds(delay))
        settings.interval = Timeout(.milliseconds(interval))
        settings.pieces = chunks
        let mock: MockUpstream
        do {
            mock = try await MockUpstream.start(host: host, port: port, loops: nil, time: .system, settings: settings)
        } catch {
            throw ValidationError("cannot listen on port \(port): \(error); is something else running there?")
        }
        StandardError.print(
            "mock upstream on http://\(host):\(mock.port)/v1, failures as in `weir mock --list`; stop with Ctrl-C")
        // SIGINT and SIGTERM end the process as they find it: there is nothing here to finish.
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
