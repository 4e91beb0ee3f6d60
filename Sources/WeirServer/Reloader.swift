import Logging
import Synchronization
package import WeirConfig
import WeirCore

/// Watches the configuration's files and puts changes in force; on SIGHUP too.
package struct Reloader: Sendable {
    /// How often the files are looked at.
    package static let interval = Duration.seconds(1)

    private let gateway: Gateway
    private let path: String
    private let environment: [String: String]
    private let isStrict: Bool

    package init(_ gateway: Gateway, path: String, environment: [String: String], isStrict: Bool) {
        self.gateway = gateway
        self.path = path
        self.environment = environment
        self.isStrict = isStrict
    }

    /// Runs until cancelled. `hangups` gives an element for each SIGHUP.
    package func run(from reading: ConfigReading, hangups: AsyncStream<Void>) async {
        let machine = ReloadActor(reading, self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in hangups { await machine.handle(.hangup) } }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.interval)
                    await machine.poll()
                }
            }
            await group.waitForAll()
        }
    }

    fileprivate func read() async -> ConfigReading {
        let (path, environment, isStrict) = (path, environment, isStrict)
        let namesStore = gateway.settings.dataDirectory != nil
        return await Blocking.run {
            DocumentChecks.checked(
                ConfigReader.read(path: path, environment: environment, strict: isStrict), environment,
                namesStore: namesStore)
        }
    }

    fileprivate func look(at files: [String]) async -> ConfigFingerprint {
        await Blocking.run { ConfigFingerprint.take(files) }
    }

    fileprivate func apply(_ document: ConfigDocument) async { await gateway.adopt(document) }

    fileprivate func tell(_ status: ReloadStatus, refused: String?) {
        gateway.inForce.withLock { $0.reloads = status }
        if let refused {
            gateway.logger.error("the changed configuration is refused, the one before stays in force:\n\(refused)")
        }
    }

    fileprivate func tellApplied() { gateway.logger.notice("the changed configuration is in force") }

    fileprivate var now: UInt64 { gateway.time.wall() }
}

/// Handles one event after the other, to its end.
private actor ReloadActor {
    private var machine: ReloadStateMachine
    private let reloader: Reloader
    private var waiting: [ReloadStateMachine.Event] = []
    private var isBusy = false

    init(_ reading: ConfigReading, _ reloader: Reloader) {
        machine = ReloadStateMachine(inForce: reading)
        self.reloader = reloader
    }

    func poll() async {
        guard !isBusy else { return }
        await handle(.polled(await reloader.look(at: machine.files)))
    }

    func handle(_ event: ReloadStateMachine.Event) async {
        waiting.append(event)
        guard !isBusy else { return }
        isBusy = true
        while !waiting.isEmpty {
            for action in machine.handle(waiting.removeFirst(), at: reloader.now) { await perform(action) }
        }
        isBusy = false
    }

    private func perform(_ action: ReloadStateMachine.Action) async {
        switch action {
        case .read: waiting.append(.readFinished(await reloader.read()))
        case .apply(let document):
            await reloader.apply(document)
            waiting.append(.applied)
            reloader.tellApplied()
        case .reject(let reason): reloader.tell(machine.status, refused: reason)
        }
        reloader.tell(machine.status, refused: nil)
    }
}
