import NIOCore
import WeirLoops

/// The connections of one loop. Bound to it.
final class MockRoom {
    private let floor: LoopFloor
    private let settings: MockSettings
    private let recorder: MockRecorder
    private var connections: [ObjectIdentifier: MockConnection] = [:]

    init(on floor: LoopFloor, _ settings: MockSettings, _ recorder: MockRecorder) {
        self.floor = floor
        self.settings = settings
        self.recorder = recorder
    }

    func accept(_ port: Port) {
        let reset = ResetSwitch()
        guard (try? port.insert(reset)) != nil else { return port.close() }
        let connection = MockConnection(port, reset, on: floor, settings, recorder)
        connections[ObjectIdentifier(connection)] = connection
        let bound = NIOLoopBound((self, connection), eventLoop: floor.loop)
        floor.start {
            let (room, connection) = bound.value
            await connection.run()
            room.connections[ObjectIdentifier(connection)] = nil
        }
    }

    func stop() {
        for connection in connections.values { connection.stop() }
    }
}
