package import Logging
package import ServiceLifecycle
import UnixSignals
package import WeirConfig

/// Opens a gateway, keeps it until it shall stop, then closes it within its grace period. It listens only once the
/// process's signals are watched, so that a stop right after the first answer is a graceful one.
package struct GatewayService: Service {
    private let gateway: Gateway
    private let grace: Duration
    private let opened: @Sendable (ServerSummary) -> Void

    package init(_ gateway: Gateway, grace: Duration, opened: @escaping @Sendable (ServerSummary) -> Void) {
        self.gateway = gateway
        self.grace = grace
        self.opened = opened
    }

    package func run() async throws {
        opened(try await gateway.open())
        try await gracefulShutdown()
        await gateway.close(grace: grace)
    }
}

/// Watches the store until the house stops.
package struct StoreService: Service {
    private let watch: StoreWatch

    init(_ watch: StoreWatch) { self.watch = watch }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await watch.run() }
    }
}

/// Watches the configuration until the house stops.
package struct ReloadService: Service {
    private let reloader: Reloader
    private let reading: ConfigReading

    package init(_ reloader: Reloader, from reading: ConfigReading) {
        self.reloader = reloader
        self.reading = reading
    }

    package func run() async throws {
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in hangups { continuation.yield() }
                    continuation.finish()
                }
                group.addTask { await reloader.run(from: reading, hangups: stream) }
            }
        }
    }
}

/// Runs services until SIGTERM or SIGINT; what was named last stops first.
package enum ServiceHouse {
    package static func run(_ services: [any Service], logger: Logger) async throws {
        let group = ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}
