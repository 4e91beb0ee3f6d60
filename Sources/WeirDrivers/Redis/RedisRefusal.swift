/// An error that the server answered, sorted by what follows from it.
struct RedisRefusal: Error, Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// The script is not in the server's memory: send its text.
        case noScript
        /// The slot lives elsewhere from now on.
        case moved(RedisAddress)
        /// This one key may be elsewhere: ask there once.
        case ask(RedisAddress)
        /// Not the one to write to, or not yet: `READONLY`, `LOADING`, `MASTERDOWN`, `CLUSTERDOWN`. It did nothing.
        case unfit
        /// We are not who we should be, or may not do this: `WRONGPASS`, `NOAUTH`, `NOPERM`.
        case forbidden
        /// Anything else, such as `BUSY`, `OOM`, `MISCONF` or a fault in a script.
        case other
    }

    let kind: Kind
    /// The server's own words, shortened.
    let text: String

    /// - Parameter host: where the answer came from; a `MOVED` without a host means the same one.
    init(_ text: String, from host: String = "") {
        self.text = String(text.prefix(200))
        let words = text.split(separator: " ", maxSplits: 3)
        switch words.first ?? "" {
        case "NOSCRIPT": kind = .noScript
        case "MOVED", "ASK":
            guard words.count >= 3, let address = RedisAddress(endpoint: words[2], asSeenFrom: host) else {
                kind = .other
                return
            }
            kind = words[0] == "MOVED" ? .moved(address) : .ask(address)
        case "READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN": kind = .unfit
        case "WRONGPASS", "NOAUTH", "NOPERM": kind = .forbidden
        // A script's own failing call is wrapped by servers before 7: "ERR Error running script … READONLY …".
        default:
            let wrapped = words.first == "ERR" && text.contains("running script")
            kind =
                wrapped && text.contains("READONLY") ? .unfit : wrapped && text.contains("NOPERM") ? .forbidden : .other
        }
    }
}
