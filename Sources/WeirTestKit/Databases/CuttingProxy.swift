import Foundation
import Synchronization

/// A piece of network between a client and a server on the loopback, which can be cut and blocked.
package final class CuttingProxy: Sendable {
    private enum Mood { case working, stalled, cut, closed }

    package let port: Int
    private let target: Int
    private let mood = Mutex(Mood.working)

    package init(to target: Int) throws {
        let listener = try Loopback.listener()
        port = listener.port
        self.target = target
        let accepting = Thread { [weak self] in
            while self?.isOpen == true {
                guard Self.isReadable(listener.descriptor) else { continue }
                let client = accept(listener.descriptor, nil, nil)
                guard client >= 0 else { continue }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                if let self { self.serve(client) } else { Self.end(client) }
            }
            Foundation.close(listener.descriptor)
        }
        accepting.start()
    }

    deinit { mood.withLock { $0 = .closed } }

    /// Ends all connections, and those that are made from now on at once.
    package func cut() { mood.withLock { $0 = .cut } }

    /// Lets nothing through, without saying so.
    package func stall() { mood.withLock { $0 = .stalled } }

    package func heal() { mood.withLock { $0 = .working } }

    package func close() { mood.withLock { $0 = .closed } }

    private var isOpen: Bool { mood.withLock { $0 != .closed } }

    private func serve(_ client: Int32) {
        guard mood.withLock({ $0 == .working || $0 == .stalled }), let server = Loopback.connection(to: target) else {
            Self.end(client)
            return
        }
        let copying = Thread { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while let mood = self?.mood.withLock({ $0 }), mood == .working || mood == .stalled {
                guard mood == .working else {
                    usleep(2000)
                    continue
                }
                var both = [
                    pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: server, events: Int16(POLLIN), revents: 0),
                ]
                guard poll(&both, 2, 5) > 0 else { continue }
                if both[0].revents != 0, !Self.copy(client, server, &buffer) { break }
                if both[1].revents != 0, !Self.copy(server, client, &buffer) { break }
            }
            Self.end(client)
            Self.end(server)
        }
        copying.start()
    }

    private static func copy(_ source: Int32, _ target: Int32, _ buffer: inout [UInt8]) -> Bool {
        let count = read(source, &buffer, buffer.count)
        guard count > 0 else { return false }
        return send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count
    }

    /// Also when a process that was started meanwhile has inherited it.
    private static func end(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Foundation.close(descriptor)
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 5) > 0
    }
}
