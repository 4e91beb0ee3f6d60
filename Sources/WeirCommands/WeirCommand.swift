import ArgumentParser
import WeirServer

/// `weir`: without a subcommand it serves, so that LiteLLM's command lines work as they are.
struct WeirCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "An LLM gateway: one OpenAI-compatible address in front of every model.",
        discussion: """
            Try it:  weir serve
            then:    curl http://127.0.0.1:4000/v1/chat/completions -H 'content-type: application/json' \\
                       -d '{"model": "echo", "messages": [{"role": "user", "content": "Hello"}]}'
            """,
        version: "weir \(BuildInfo.version)",
        subcommands: [
            Serve.self, Check.self, Mock.self, Prices.self, RouteCommands.self, Simulate.self, KeyCommands.self,
            UserCommands.self, TeamCommands.self, AuditCommand.self, Migrate.self, Secrets.self,
        ],
        defaultSubcommand: Serve.self)

}

/// The process's beginning: reads the command line and does what it says.
package enum WeirProcess {
    package static func run() async { await WeirCommand.main() }
}
