/// Which server serves which hash slot of a cluster.
struct RedisClusterMap: Equatable {
    private var owners = [UInt16](repeating: .max, count: RedisKeySlot.count)
    /// The masters, each once.
    private(set) var masters: [RedisAddress] = []

    init() {}

    /// Reads the reply to `CLUSTER SLOTS`: a list of [first slot, last slot, master, replicas…], a server being
    /// [host, port, …]. Nil when it has another form.
    ///
    /// - Parameter host: the host that was asked; it stands for one that the cluster does not tell.
    init?(_ reply: RESPValue, askedFrom host: String) {
        guard let ranges = reply.elements else { return nil }
        for range in ranges {
            guard let parts = range.elements, parts.count >= 3, let first = parts[0].number, let last = parts[1].number,
                (0...last).contains(first), last < RedisKeySlot.count, let server = parts[2].elements,
                server.count >= 2,
                let port = server[1].number, (1...65_535).contains(port)
            else { return nil }
            let told = server[0].text ?? ""
            // "?" is what a server says of a peer whose name it does not know yet.
            let name = told.isEmpty || told == "?" ? host : told
            assign(.host(name, port: Int(port)), Int(first)...Int(last))
        }
    }

    var isComplete: Bool { !owners.contains(.max) }

    func master(of slot: Int) -> RedisAddress? {
        let owner = Int(owners[slot])
        return owner < masters.count ? masters[owner] : nil
    }

    mutating func assign(_ master: RedisAddress, _ slots: ClosedRange<Int>) {
        let known = masters.firstIndex(of: master)
        if known == nil { masters.append(master) }
        let index = UInt16(clamping: known ?? masters.count - 1)
        for slot in slots { owners[slot] = index }
    }
}
