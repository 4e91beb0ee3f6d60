import ArgumentParser
import WeirConfig
import WeirServer

/// `weir check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read a configuration and say all that is wrong with it.",
        discussion: "Exits with 0 when Weir would start with it, with 1 when it would not.")

    @Argument(help: "The configuration.")
    var path: String

    @Flag(help: "Treat unknown keys and models that are not defined as errors.")
    var strict = false

    func run() throws {
        let environment = ProcessSurroundings.environment
        let reading = DocumentChecks.checked(
            ConfigReader.read(path: path, environment: environment, strict: strict), environment)
        for problem in reading.problems { print(problem.description) }
        let (errors, warnings) = (reading.errors.count, reading.warnings.count)
        guard let document = reading.document, errors == 0 else {
            print("\(path): \(errors) error\(errors == 1 ? "" : "s"), \(warnings) warning\(warnings == 1 ? "" : "s")")
            throw ExitCode(1)
        }
        let groups = Set(document.models.map(\.name)).count
        print(
            "\(path): good; \(document.models.count) deployments of \(groups) models, \(warnings) warning\(warnings == 1 ? "" : "s")"
        )
    }
}
