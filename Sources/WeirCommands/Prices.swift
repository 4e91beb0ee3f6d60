import ArgumentParser
import Foundation
import WeirAccounting
import WeirCore

/// `weir prices`
struct Prices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What models cost.", subcommands: [Import.self, Show.self])

    /// `weir prices import`
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a price file in LiteLLM's form (model_prices_and_context_window.json) into Weir's.")

        @Argument(help: "The file to read.")
        var path: String

        @Option(name: [.short, .long], help: "Where to write; serve it with WEIR_PRICES=FILE.")
        var output = "prices.csv"

        func run() throws {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ValidationError("cannot read \(path)")
            }
            let read: PriceImport
            do throws(PriceImportFault) { read = try PriceImport.read([UInt8](data)) } catch {
                throw ValidationError("\(path) is not a price file: \(error.reason) at byte \(error.offset)")
            }
            for problem in read.problems { print("\(path): \(problem.model): \(problem.reason)") }
            try Data(read.csv).write(to: URL(fileURLWithPath: output), options: .atomic)
            print("\(read.entries.count) models written to \(output); \(read.problems.count) left out")
        }
    }

    /// `weir prices show`
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what Weir knows of a model.")

        @Argument(help: "The model, with or without its provider's prefix.")
        var model: String

        func run() throws {
            guard let facts = PriceTable.builtIn.facts(model: model, vendor: "") else {
                print(
                    "\(model): not in the table; give its price in model_info (input_cost_per_token, output_cost_per_token)"
                )
                throw ExitCode(1)
            }
            print(
                "\(facts.key) (\(facts.provider)): input $\(facts.price.input) and output $\(facts.price.output) a token"
            )
        }
    }
}
