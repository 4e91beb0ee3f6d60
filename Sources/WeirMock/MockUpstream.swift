package import WeirCore
package import WeirLoops

/// An OpenAI-compatible server that misbehaves as it is told to, for tests and for trying a configuration.
///
/// What it does is chosen for each request: by the header `x-weir-scenario`, by a path that begins with `/scenario/NAME`,
/// or by a model named `NAME` or `mock/NAME`; the first that applies. `GET /__scenarios` lists the names, `GET /__journal`
/// tells what was seen, secrets included, `POST /__reset` forgets it. It keeps no one out: only for loopback.
package final class MockUpstream: Sendable {
    /// Where it listens.
    package let port: Int
    private let listeners: [Listener]
    private let rooms: [OnLoop<MockRoom>]
    private let recorder: MockRecorder
    private let ownLoops: LoopGroup?

    private init(
        port: Int, _ listeners: [Listener], _ rooms: [OnLoop<MockRoom>], _ recorder: MockRecorder,
        _ ownLoops: LoopGroup?
    ) {
        self.port = port
        self.listeners = listeners
        self.rooms = rooms
        self.recorder = recorder
        self.ownLoops = ownLoops
    }

    /// Listens on `port`, 0 for one that is free, on every loop of `loops` or on one of its own. Throws when the address
    /// cannot be listened on.
    package static func start(
        host: String = "127.0.0.1", port: Int, loops: LoopGroup?, time: TimeSource,
        settings: MockSettings = MockSettings()
    ) async throws -> MockUpstream {
        let own = loops == nil ? await LoopGroup(count: 1, time: time) : nil
        let floors = (loops ?? own)?.floors ?? []
        let recorder = MockRecorder()
        var listeners: [Listener] = []
        var rooms: [OnLoop<MockRoom>] = []
        do {
            try Listener.assertFree(ListenAddress(host: host, port: port))
            for floor in floors {
                let room = await floor.make { MockRoom(on: floor, settings, recorder) }
                let address = try ListenAddress(host: host, port: listeners.first?.port ?? port)
                listeners.append(
                    try await Listener.bind(on: floor, to: address, tls: nil) { end, _ in
                        room.now { $0.accept(end) }
                    })
                rooms.append(room)
            }
        } catch {
            for listener in listeners { await listener.close() }
            await own?.shutdown()
            throw error
        }
        return MockUpstream(port: listeners.first?.port ?? port, listeners, rooms, recorder, own)
    }

    /// Stops listening and closes every connection.
    package func stop() async {
        for listener in listeners { await listener.close() }
        for room in rooms { await room.run { $0.stop() } }
        await ownLoops?.shutdown()
    }

    /// What it has seen until now.
    package func journal() -> MockJournal { recorder.current }

    /// Forgets what was counted; what is open goes on being counted.
    package func reset() { recorder.reset() }
}
