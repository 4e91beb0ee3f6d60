package import NIOCore
package import WeirCore
package import WeirLoops
package import WeirPipeline

/// The door of one loop: every connection that is accepted there comes in by it. Bound to the loop.
package final class Door {
    let floor: LoopFloor
    package let pipeline: Pipeline
    let sink: any EventSink
    /// In force for the requests that follow.
    package var responder: FrameworkResponder
    /// In force for the requests that follow.
    package var settings: DoorSettings {
        didSet { rules = DoorRules(settings) }
    }
    private(set) var rules: DoorRules
    /// Model calls come in here; false for the doors of probes and Prometheus.
    let servesCalls: Bool
    private var connections: [ObjectIdentifier: Connection] = [:]
    private(set) var isDraining = false

    package init(
        on floor: LoopFloor, _ pipeline: Pipeline, _ sink: any EventSink, _ responder: FrameworkResponder,
        _ settings: DoorSettings, servesCalls: Bool = true
    ) {
        self.servesCalls = servesCalls
        self.floor = floor
        self.pipeline = pipeline
        self.sink = sink
        self.responder = responder
        self.settings = settings
        rules = DoorRules(settings)
    }

    /// Connections that are open.
    package var connectionCount: Int { connections.count }

    /// Takes in a new connection.
    package func accept(_ port: Port, from remote: SocketAddress?) {
        let connection = Connection(port, from: remote, self)
        guard !isDraining else { return port.close() }
        connections[ObjectIdentifier(connection)] = connection
        let bound = NIOLoopBound((self, connection), eventLoop: floor.loop)
        floor.start {
            let (door, connection) = bound.value
            await connection.run()
            door.connections[ObjectIdentifier(connection)] = nil
        }
    }

    /// From here on no request is begun on a connection that waits for one; requests that run go on to their end.
    package func drain() {
        isDraining = true
        for connection in connections.values { connection.closeIfIdle() }
    }

    /// Ends what still runs, telling clients why.
    package func stop() {
        for connection in connections.values { connection.stop() }
    }
}
