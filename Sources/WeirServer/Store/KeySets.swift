import Synchronization
import WeirCore
import WeirLoops
import WeirPipeline
import WeirProviders

/// Asks identity providers: for their public keys, and who shows a token; over the same connections as everything else.
final class KeySets: Sendable {
    /// A key set of more bytes is not taken.
    private static let replyBytes = 1 << 20
    private static let patience = Timeout.seconds(5)

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private let inquirer = Mutex<OnLoop<Inquirer>?>(nil)

    /// From here on they can be asked for.
    func open(_ inquirer: OnLoop<Inquirer>) { self.inquirer.withLock { $0 = inquirer } }

    func fetch(_ url: String) async throws -> [UInt8] {
        let reply = try await get(url, token: nil)
        guard reply.status == 200 else { throw Refusal(description: "\(url) answered with status \(reply.status)") }
        return reply.bytes
    }

    /// What the address says of the one who shows `token`.
    func ask(_ url: String, _ token: String) async throws -> (status: Int, bytes: [UInt8]) {
        let reply = try await get(url, token: token)
        return (reply.status, reply.bytes)
    }

    private func get(_ url: String, token: String?) async throws -> Inquirer.Answer {
        guard let base = BaseURL(url), let inquirer = inquirer.withLock({ $0 }) else {
            throw Refusal(description: "\(url) is no http or https address that can be asked")
        }
        let timeouts = UpstreamTimeouts(
            connect: Self.patience, firstByte: Self.patience, idle: Self.patience, total: Self.patience)
        let request = base.get(accept: "application/json", token: token, timeouts: timeouts)
        let answer = await inquirer.task { inquirer -> Result<Inquirer.Answer, GatewayFault> in
            do throws(GatewayFault) {
                return .success(try await inquirer.ask(request, limit: Self.replyBytes))
            } catch {
                return .failure(error)
            }
        }
        let reply = try answer.get()
        guard reply.isWhole else { throw Refusal(description: "\(url) answered with more than is taken") }
        return reply
    }
}
