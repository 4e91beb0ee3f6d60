import ArgumentParser
import WeirAccess
import WeirStorage

/// Why a command could not do its work: a sentence for a person, without secrets.
struct CommandFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// How commands end.
enum CommandEnd {
    /// Does the work; what goes wrong is told on standard error, and the process ends with 1.
    static func telling(_ work: () async throws -> Void) async throws {
        do { try await work() } catch let code as ExitCode {
            throw code
        } catch {
            StandardError.print("weir: \(sentence(error))")
            throw ExitCode(1)
        }
    }

    static func sentence(_ error: any Error) -> String {
        switch error {
        case let fault as OfficeFault: fault.message
        case let fault as StoreFault: sentence(fault)
        case let fault as SQLFault: sentence(fault)
        case let fault as MigrationFault: fault.sentence
        default: "\(error)"
        }
    }

    private static func sentence(_ fault: StoreFault) -> String {
        switch fault {
        case .unavailable(let detail), .broken(let detail): "the database cannot be used: \(detail)"
        default: OfficeFault(fault).message
        }
    }

    private static func sentence(_ fault: SQLFault) -> String {
        switch fault {
        case .unavailable(let detail): "the database does not answer: \(detail)"
        case .duplicate(let detail), .refused(let detail), .serialization(let detail), .broken(let detail):
            "the database refused: \(detail)"
        }
    }
}
