package import WeirConfig
package import WeirCore
import WeirLoops
import WeirTransport

/// Looks for model servers on this machine, at the ports they listen on by default.
package enum LocalServers {
    private static let usual = [("hosted_vllm", 8000), ("ollama", 11_434), ("llamacpp", 8080)]

    /// The servers that list their models within `patience`.
    package static func find(time: TimeSource, patience: Timeout = Timeout(.milliseconds(300))) async -> [LocalServer] {
        let loops = await LoopGroup(count: 1, time: time)
        let floor = loops.floors[0]
        var found: [LocalServer] = []
        for (vendor, port) in usual {
            let models = await floor.task { await ModelList.ask(port: port, on: floor, patience) }
            if !models.isEmpty {
                found.append(LocalServer(vendor: vendor, apiBase: "http://127.0.0.1:\(port)", models: models))
            }
        }
        await loops.shutdown()
        return found
    }
}
