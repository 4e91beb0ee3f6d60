import NIOCore
import NIOSSL
import WeirCore

/// Asks Sentinels, one after the other, who the master is. The first who knows is believed: the probe of the new
/// connection finds out if he was wrong. Bound to its loop.
final class RedisSentinelSearch {
    /// How long one Sentinel may take.
    private static let patience = Timeout(nanoseconds: 250_000_000)

    private let service: String
    private let setting: RedisNodeSetting
    private let login: RedisLogin
    private var sentinels: [RedisAddress]

    init(_ sentinels: [RedisAddress], service: String, _ setting: RedisNodeSetting, login: RedisLogin) {
        self.sentinels = sentinels
        self.service = service
        self.setting = setting
        self.login = login
    }

    func find(_ done: @escaping (Result<RedisAddress, RedisFault>) -> Void) {
        ask(sentinels[...], .closed("no Sentinel is configured"), done)
    }

    private func ask(
        _ rest: ArraySlice<RedisAddress>, _ last: RedisFault,
        _ done: @escaping (Result<RedisAddress, RedisFault>) -> Void
    ) {
        guard let sentinel = rest.first else { return done(.failure(last)) }
        ask(sentinel) { [self] result in
            switch result {
            case .success(let master):
                // Whoever knew is asked first next time.
                sentinels.removeAll { $0 == sentinel }
                sentinels.insert(sentinel, at: 0)
                done(.success(master))
            case .failure(let fault): ask(rest.dropFirst(), fault, done)
            }
        }
    }

    private func ask(_ sentinel: RedisAddress, _ done: @escaping (Result<RedisAddress, RedisFault>) -> Void) {
        let connection = RedisConnection(sentinel, time: setting.time, owner: nil)
        var once: ((Result<RedisAddress, RedisFault>) -> Void)? = done
        let finish = { (result: Result<RedisAddress, RedisFault>) in
            let done = once.take()
            connection.close(.closed("asked"))
            done?(result)
        }
        let timer = setting.loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(Self.patience.nanoseconds))) {
            finish(.failure(.late))
        }
        let end = { (result: Result<RedisAddress, RedisFault>) in
            timer.cancel()
            finish(result)
        }
        connection.open(on: setting.loop, tls: setting.tls, timeout: Self.patience) { [self] result in
            if case .failure(let fault) = result { return end(.failure(fault)) }
            login.run(on: connection) { [self] result in
                if case .failure(let fault) = result { return end(.failure(fault)) }
                connection.call(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", service]) { [self] result in
                    end(result.flatMap { master(in: $0, of: sentinel) })
                }
                connection.flush()
            }
        }
    }

    private func master(in reply: RESPValue, of sentinel: RedisAddress) -> Result<RedisAddress, RedisFault> {
        guard let parts = reply.elements, parts.count == 2, let host = parts[0].text, let port = parts[1].number,
            (1...65_535).contains(port)
        else { return .failure(.unexpected("the Sentinel \(sentinel) does not know a service '\(service)'")) }
        return .success(.host(host, port: Int(port)))
    }
}
