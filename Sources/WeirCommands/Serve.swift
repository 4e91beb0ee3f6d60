import ArgumentParser
import Glibc
import Logging
import ServiceLifecycle
import WeirConfig
import WeirCore
import WeirServer

/// `weir serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve models: those of a configuration, or those found on this machine.",
        discussion: """
            Without --config, LITELLM_CONFIG or CONFIG_FILE_PATH, Weir offers what it finds: provider keys in the \
            environment, model servers on this machine, and a model named echo.
            SIGHUP or a changed file reloads the configuration, SIGTERM stops gracefully.
            """)

    @Option(name: [.short, .long], help: "The configuration, in LiteLLM's form (LITELLM_CONFIG, CONFIG_FILE_PATH).")
    var config: String?

    @Option(name: [.short, .long], help: "The port to listen on (LITELLM_PORT, PORT; default 4000).")
    var port: Int?

    @Option(help: "The address to listen on (default: all with a configuration, 127.0.0.1 without).")
    var host: String?

    @Option(help: "Event loops, one thread each (WEIR_LOOPS; default: one for each core).")
    var loops: Int?

    @Option(help: "Seconds that running requests may go on after SIGTERM (WEIR_GRACE_PERIOD; default 30).")
    var gracePeriod: Int?

    @Option(help: "Where access log lines go: - for standard output, off, or a file (WEIR_ACCESS_LOG).")
    var accessLog: String?

    @Option(
        help:
            "Where SQLite keeps keys, users and teams (WEIR_DATA_DIR, where no database_url is set; default ./weir-data)."
    )
    var dataDir: String?

    @Option(
        name: [.long, .customLong("ssl_certfile_path")], help: "PEM file with the certificate chain: serves HTTPS.")
    var sslCertfilePath: String?

    @Option(name: [.long, .customLong("ssl_keyfile_path")], help: "PEM file with the certificate's key.")
    var sslKeyfilePath: String?

    @Flag(help: "Treat unknown keys and models that are not defined as errors.")
    var strict = false

    // LiteLLM's own options, so that its command lines work: what they ask for is how Weir works anyway.
    @Flag(name: [.customLong("detailed_debug"), .customLong("debug")], help: "More log lines.")
    var debug = false

    @Option(name: .customLong("num_workers"), help: .hidden)
    var workers: Int?

    func run() async throws {
        ProcessSurroundings.tuneMemory()
        let environment = ProcessSurroundings.environment
        let logger = makeLogger()
        let settings = try settings(environment)
        let reading = DocumentChecks.checked(
            await reading(settings, environment), environment, namesStore: dataDir != nil)
        let warnings = reading.warnings.map(\.description)
        guard let document = reading.document else {
            for problem in reading.problems { StandardError.print(problem.description) }
            StandardError.print("The configuration has errors; nothing was started.")
            throw ExitCode(1)
        }
        for warning in warnings { StandardError.print(warning) }
        let gateway: Gateway
        do {
            gateway = try await Gateway(settings, document, time: .system, logger: logger)
        } catch {
            StandardError.print("\(error)")
            throw ExitCode(1)
        }
        let service = GatewayService(gateway, grace: settings.gracePeriod) { summary in
            StandardError.print(StartupSummary.text(summary, version: BuildInfo.version))
            ProcessSurroundings.forgetStart()
        }
        var services: [any Service] = [service]
        if let path = settings.configPath {
            let reloader = Reloader(gateway, path: path, environment: environment, isStrict: strict)
            services.append(ReloadService(reloader, from: reading))
        }
        if let watch = gateway.storeService { services.append(watch) }
        do {
            try await ServiceHouse.run(services, logger: logger)
        } catch let fault as ListenFault {
            StandardError.print(fault.description)
            throw ExitCode(1)
        }
    }

    private func makeLogger() -> Logger {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "weir")
        logger.logLevel = debug ? .debug : .notice
        return logger
    }

    private func reading(_ settings: ServerSettings, _ environment: [String: String]) async -> ConfigReading {
        if let path = settings.configPath {
            return ConfigReader.read(path: path, environment: environment, strict: strict)
        }
        return Discovery.document(environment: environment, localServers: await LocalServers.find(time: .system))
    }

    private func settings(_ environment: [String: String]) throws -> ServerSettings {
        var settings = ServerSettings()
        settings.environment = environment
        settings.configPath = config ?? ConfigPath.named(environment)
        settings.host = host
        settings.port = try port ?? Self.number(["LITELLM_PORT", "PORT"], environment, 0...65_535) ?? 4000
        settings.loops = try loops ?? Self.number(["WEIR_LOOPS"], environment, 1...1024) ?? ProcessSurroundings.cores
        let grace = try gracePeriod ?? Self.number(["WEIR_GRACE_PERIOD"], environment, 0...86_400) ?? 30
        settings.gracePeriod = .seconds(grace)
        settings.accessLog = try ProcessSurroundings.open(
            accessLog ?? Self.value(["WEIR_ACCESS_LOG"], environment) ?? "-")
        settings.certificateChain = sslCertfilePath ?? Self.value(["SSL_CERTFILE_PATH"], environment)
        settings.privateKey = sslKeyfilePath ?? Self.value(["SSL_KEYFILE_PATH"], environment)
        settings.dataDirectory = dataDir
        settings.pricesPath = Self.value(["WEIR_PRICES"], environment)
        settings.isStrict = strict
        guard (0...65_535).contains(settings.port) else {
            throw ValidationError("--port must be between 0 and 65535")
        }
        guard settings.loops >= 1, grace >= 0 else {
            throw ValidationError("--loops must be at least 1 and --grace-period at least 0")
        }
        return settings
    }

    private static func value(_ names: [String], _ environment: [String: String]) -> String? {
        names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    private static func number(
        _ names: [String], _ environment: [String: String], _ range: ClosedRange<Int>
    ) throws -> Int? {
        for name in names {
            guard let text = environment[name], !text.isEmpty else { continue }
            guard let number = Int(text), range.contains(number) else {
                throw ValidationError(
                    "\(name) must be a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
            }
            return number
        }
        return nil
    }
}
