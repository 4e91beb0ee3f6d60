import ArgumentParser
import WeirConfig
import WeirServer

/// `weir route`
struct RouteCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Where requests go.", subcommands: [Explain.self])

    /// `weir route explain`
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Tell which deployments would serve a request, which would not and why, and what follows a failure.",
            discussion: """
                Reads the configuration and calls nobody: what POST /route/explain answers right after a start. \
                A running gateway also knows who rests and how busy each deployment is.
                """)

        @Argument(help: "The configuration.")
        var path: String

        @Option(help: "The model that is asked for.")
        var model: String

        @Flag(help: "The request wants a stream.")
        var stream = false

        @Option(help: "Tags of the request, with commas between them.")
        var tags = ""

        @Option(help: "Tokens of the prompt.")
        var tokens = 0

        @Flag(help: "Write JSON, as POST /route/explain does.")
        var json = false

        func validate() throws {
            guard (0...1_000_000_000).contains(tokens) else {
                throw ValidationError("--tokens must be between 0 and 1000000000")
            }
        }

        func run() throws {
            let rooms = try OfflineReading.rooms(of: path)
            var question = RouteAccount.Question(model: model)
            question.streams = stream
            question.tags = tags.split(separator: ",").map(String.init)
            question.tokens = tokens
            do throws(SimulationFault) {
                let account = try RouteAccount(rooms, question)
                print(json ? account.json : account.text, terminator: json ? "\n" : "")
            } catch {
                throw ValidationError(error.description)
            }
        }
    }
}

/// Reads a configuration for commands that serve nothing.
enum OfflineReading {
    /// Prints what is wrong to standard error: a key that is not known changes what comes of it. Ends the command when it is
    /// an error.
    static func rooms(of path: String) throws -> OfflineRooms {
        let environment = ProcessSurroundings.environment
        let reading = DocumentChecks.checked(ConfigReader.read(path: path, environment: environment), environment)
        for problem in reading.problems { StandardError.print(problem.description) }
        guard let document = reading.document else { throw ExitCode(1) }
        let prices = environment["WEIR_PRICES"].flatMap { $0.isEmpty ? nil : $0 }
        do {
            return try OfflineRooms(document, environment: environment, prices: prices)
        } catch let fault as PriceFileFault {
            throw ValidationError(fault.description)
        }
    }
}
