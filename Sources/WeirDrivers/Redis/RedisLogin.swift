import WeirCore

/// What is said on a new connection before the first question. Each step waits for the one before.
struct RedisLogin {
    let username: String?
    let password: Secret?
    let database: Int
    /// Whether the scripts are loaded.
    let loadsScripts: Bool
    /// The last word: its reply proves that the server can do what it will be asked.
    let probe: [String]?

    /// A write inside of a script: it fails on a replica, while loading, with a full disk or memory, and without
    /// permission.
    static func writingProbe(_ namespace: String) -> [String] {
        ["EVAL", "return redis.call('SET', KEYS[1], '1', 'PX', 1000)", "1", "{\(namespace):probe}"]
    }

    /// Logs in, and hands over the digests of the scripts in the order of `RedisScript`; nil for one that the server
    /// does not let us load, which is then sent whole each time.
    func run(on connection: RedisConnection, _ done: @escaping (Result<[String?], RedisFault>) -> Void) {
        var hello = ["HELLO", "3"]
        if let password { hello += ["AUTH", username ?? "default", password.revealed()] }
        connection.call(hello) { result in
            switch result {
            case .success: prepare(connection, done)
            case .failure(.refused(let refusal)) where !refusal.text.hasPrefix("WRONGPASS") && refusal.kind != .unfit:
                // A server before 6, or a proxy: it speaks version 2 and knows AUTH.
                oldLogin(connection, done)
            case .failure(let fault): done(.failure(fault))
            }
        }
        connection.flush()
    }

    private func oldLogin(_ connection: RedisConnection, _ done: @escaping (Result<[String?], RedisFault>) -> Void) {
        guard let password else { return prepare(connection, done) }
        connection.call(["AUTH"] + (username.map { [$0] } ?? []) + [password.revealed()]) { result in
            switch result {
            case .success: prepare(connection, done)
            case .failure(let fault): done(.failure(fault))
            }
        }
        connection.flush()
    }

    /// Everything else goes out together; the last reply decides, unless an earlier one was a refusal that matters.
    private func prepare(_ connection: RedisConnection, _ done: @escaping (Result<[String?], RedisFault>) -> Void) {
        let steps = Steps()
        if database != 0 {
            connection.call(["SELECT", String(database)]) { if case .failure(let fault) = $0 { steps.fault = fault } }
        }
        if loadsScripts {
            for script in RedisScript.allCases {
                connection.call(["SCRIPT", "LOAD", script.text]) { result in
                    steps.digests.append((try? result.get())?.text)
                }
            }
        }
        connection.call(probe ?? ["PING"]) { result in
            if case .failure(let fault) = result { steps.fault = steps.fault ?? fault }
            done(steps.fault.map { .failure($0) } ?? .success(steps.digests))
        }
        connection.flush()
    }

    private final class Steps {
        var digests: [String?] = []
        var fault: RedisFault?
    }
}
