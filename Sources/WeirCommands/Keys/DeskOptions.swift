import ArgumentParser
import WeirCore
import WeirTransport

/// Whom the commands on keys, users and teams ask.
struct DeskOptions: ParsableArguments {
    @Option(help: "A running Weir (WEIR_URL; default http://127.0.0.1:4000).")
    var url: String?

    @Option(help: "An admin's key (WEIR_API_KEY, LITELLM_MASTER_KEY; those are not seen in the list of processes).")
    var key: String?

    @Option(help: "PEM file of the CAs to trust for https (SSL_CERT_FILE; default: the system's).")
    var cacert: String?

    @OptionGroup var place: StorePlace

    @Flag(help: "Write the API's answer, as JSON.")
    var json = false

    /// Does the work with the desk that is meant, and tells what goes wrong.
    func with(_ work: (any ManagementDesk) async throws -> Void) async throws {
        try await CommandEnd.telling {
            let desk = try await desk()
            do { try await work(desk) } catch {
                await desk.close()
                throw error
            }
            await desk.close()
        }
    }

    private func desk() async throws -> any ManagementDesk {
        let environment = ProcessSurroundings.environment
        if place.isNamed {
            guard url == nil else { throw CommandFault("give either --url or --store/--data-dir") }
            return try await StoreDesk.open(place, environment)
        }
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        return RemoteDesk(
            url: try ServiceURL(url ?? value("WEIR_URL") ?? "http://127.0.0.1:4000"),
            key: (key ?? value("WEIR_API_KEY", "LITELLM_MASTER_KEY")).map { Secret($0) },
            authorities: cacert ?? value("SSL_CERT_FILE"), proxies: ProxySettings(environment: environment))
    }
}
