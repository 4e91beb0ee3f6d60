import NIOCore
import NIOSSL
package import WeirCore
package import WeirLoops
import WeirWire

/// The upstream connections of one loop: kept alive, last used first, never handed to another loop.
///
/// Bound to its loop. A connection comes back only when its reply was read to the end and nothing was left over.
package final class UpstreamPool: Upstream {
    private let floor: LoopFloor
    private let settings: PoolSettings
    private let identities: TLSIdentities
    private let proxies: ProxySettings
    private var idle: [UpstreamAddress: [UpstreamConnection]] = [:]
    private var open: [UpstreamAddress: Int] = [:]
    package private(set) var counts = PoolCounts()

    package init(
        on floor: LoopFloor, settings: PoolSettings, identities: TLSIdentities, proxies: ProxySettings
    ) {
        self.floor = floor
        self.settings = settings
        self.identities = identities
        self.proxies = proxies
    }

    package func open(
        _ request: OutboundRequest, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> any OutboundReply {
        var isFresh = false
        while true {
            let connection =
                isFresh
                ? try await connect(to: request.address, request.timeouts.connect, abandonment)
                : try await connection(to: request.address, request.timeouts.connect, abandonment)
            let exchange = UpstreamExchange(
                connection, request.timeouts, self, floor.time, settings.limits, abandonment)
            abandonment.onAbandon { connection.port.close() }
            connection.send(request)
            if try await exchange.readHead() { return exchange }
            // What was kept is probably as stale as this one was.
            isFresh = true
        }
    }

    package func start(_ work: @escaping () async -> Void) { floor.begin(work) }

    package func pause(_ nanoseconds: UInt64, _ abandonment: Abandonment) async throws(GatewayFault) {
        let alarm = Alarm()
        await withUnsafeContinuation { (waiting: UnsafeContinuation<Void, Never>) in
            var waiting = Optional(waiting)
            alarm.ring = { waiting.take()?.resume() }
            floor.wheel.set(alarm, after: Timeout(nanoseconds: max(nanoseconds, 1)))
            abandonment.onAbandon { waiting.take()?.resume() }
        }
        alarm.clear()
        abandonment.onAbandon(nil)
        if abandonment.isAbandoned { throw UpstreamFaults.abandoned }
    }

    /// Closes what is idle: at shutdown.
    package func closeIdle() {
        for connection in idle.values.joined() { connection.port.close() }
    }

    // MARK: Taking and giving back

    private func connection(
        to address: UpstreamAddress, _ timeout: Timeout, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> UpstreamConnection {
        while let connection = idle[address]?.popLast() {
            counts.idle -= 1
            counts.busy += 1
            connection.port.clearDeadline()
            let age = floor.time.monotonic() &- connection.openedAt
            guard !connection.port.hasMore, age < settings.maximumAge.nanoseconds else {
                connection.port.close()
                continue
            }
            connection.isReused = true
            return connection
        }
        return try await connect(to: address, timeout, abandonment)
    }

    func giveBack(_ connection: UpstreamConnection) {
        let kept = idle[connection.address]?.count ?? 0
        guard !connection.port.hasMore, kept < settings.idlePerAddress else { return connection.port.close() }
        counts.busy -= 1
        counts.idle += 1
        connection.port.setDeadline(settings.idleTimeout)
        idle[connection.address, default: []].append(connection)
    }

    private func forget(_ connection: UpstreamConnection) {
        let address = connection.address
        open[address, default: 1] -= 1
        if let place = idle[address]?.firstIndex(where: { $0 === connection }) {
            idle[address]?.remove(at: place)
            counts.idle -= 1
        } else {
            counts.busy -= 1
        }
        if open[address] == 0 {
            open[address] = nil
            idle[address] = nil
        }
    }

    // MARK: Connecting

    private func connect(
        to address: UpstreamAddress, _ timeout: Timeout, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> UpstreamConnection {
        try reserve(address)
        // On a task of its own, so that the memory of this rare path does not stay with a request that streams, and so
        // that a client who leaves need not wait for it.
        let dialled = await floor.own {
            await self.dialled(address, timeout)
        } givingUp: {
            abandonment.onAbandon($0)
        } late: { result in
            self.open[address, default: 1] -= 1
            if case .success(let connection) = result { connection.port.close() }
        }
        return try adopt(dialled, address, abandonment)
    }

    @inline(never)
    private func reserve(_ address: UpstreamAddress) throws(GatewayFault) {
        guard open[address, default: 0] < settings.connectionsPerAddress else {
            throw GatewayFault(
                .upstreamRefused,
                "Too many connections to this upstream are open: try again later.",
                detail: "\(address.authority): \(settings.connectionsPerAddress)")
        }
        open[address, default: 0] += 1
        counts.connecting += 1
    }

    /// Takes in what came of connecting; nil when nobody waited for it.
    @inline(never)
    private func adopt(
        _ dialled: Result<UpstreamConnection, GatewayFault>?, _ address: UpstreamAddress, _ abandonment: Abandonment
    ) throws(GatewayFault) -> UpstreamConnection {
        counts.connecting -= 1
        switch dialled {
        case nil: throw UpstreamFaults.abandoned
        case .failure(let fault):
            open[address, default: 1] -= 1
            counts.failed += 1
            throw fault
        case .success(let connection):
            counts.opened += 1
            counts.busy += 1
            connection.port.whenClosed { [weak self] in self?.forget(connection) }
            guard !abandonment.isAbandoned else {
                connection.port.close()
                throw GatewayFault(.clientLeft, "the client left while its upstream was being connected")
            }
            return connection
        }
    }

    private func dialled(
        _ address: UpstreamAddress, _ timeout: Timeout
    ) async -> Result<UpstreamConnection, GatewayFault> {
        do throws(GatewayFault) { return .success(try await dial(address, timeout)) } catch { return .failure(error) }
    }

    private func dial(_ address: UpstreamAddress, _ timeout: Timeout) async throws(GatewayFault) -> UpstreamConnection {
        let proxy = proxies.proxy(for: address.host, isTLS: address.isTLS)
        let port: Port
        do {
            port = try await Connector.connect(
                on: floor, host: proxy?.host ?? address.host, port: proxy?.port ?? address.port, timeout: timeout)
        } catch {
            throw UpstreamFaults.connect(address, proxy, error)
        }
        port.setDeadline(timeout)
        defer { port.clearDeadline() }
        if address.isTLS {
            if let proxy { try await ProxyTunnel.open(through: proxy, to: address, over: port, settings.limits) }
            try await secure(port, address)
        }
        var prefix: UpstreamConnection.ProxyPrefix?
        if let proxy, !address.isTLS {
            prefix = .init(origin: "http://\(address.authority)", authorization: proxy.authorization)
        }
        return UpstreamConnection(
            port: port, address: address, openedAt: floor.time.monotonic(), proxyPrefix: prefix)
    }

    private func secure(_ port: Port, _ address: UpstreamAddress) async throws(GatewayFault) {
        do {
            let isAddress = (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
            let context = try identities.context(address.tlsIdentity)
            try port.insert(NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : address.host))
        } catch {
            port.close()
            throw GatewayFault(
                .upstreamRefused, "TLS for this upstream cannot be set up: its certificate files are to be checked.",
                detail: "\(address.authority): \(error)")
        }
        guard await port.secured() else {
            let reason = port.isExpired ? "timed out" : port.failure ?? "the connection was closed"
            throw GatewayFault(
                .upstreamRefused, "The TLS handshake with the upstream failed.",
                detail: "\(address.authority): \(reason)")
        }
    }
}
