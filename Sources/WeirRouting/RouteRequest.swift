/// What routing may know of one request. Fields that nobody needs may stay as they are; `RoutePlanner.needs(of:)` says
/// which ones a group looks at.
package struct RouteRequest: Sendable {
    /// What few requests have, behind one reference, so that a request is cheap to hand on.
    private struct Rare {
        var tags: [String] = []
        var userAgent = ""
        var region: String?
        var prefix: [UInt64] = []
        var priority = 0
        var overrides: RouteOverrides?
    }

    /// The model's name as the client wrote it, or as a header rule replaced it.
    package var model: String
    package var streams = false
    /// Tokens of the prompt as estimated; 0 when that is not known.
    package var inputTokens = 0
    /// Tokens that the answer may have; 0 when that is not known.
    package var outputTokens = 0
    /// A hash of the conversation or session; 0 when there is none.
    package var session: UInt64 = 0
    /// At most one.
    private var rare: [Rare] = []

    package init(model: String, streams: Bool = false) {
        self.model = model
        self.streams = streams
    }

    /// Tags of the request, its key and its team; `!tag` excludes deployments that carry it, `&tag` is required.
    package var tags: [String] {
        get { rare.isEmpty ? [] : rare[0].tags }
        set { change { $0.tags = newValue } }
    }

    /// The value of `User-Agent`, for deployments that are chosen by patterns over it; empty when it is not needed.
    package var userAgent: String {
        get { rare.isEmpty ? "" : rare[0].userAgent }
        set { change { $0.userAgent = newValue } }
    }

    /// Only deployments of this region may serve (`eu`, `us-east-1`).
    package var region: String? {
        get { rare.isEmpty ? nil : rare[0].region }
        set { change { $0.region = newValue } }
    }

    /// Hashes of the prompt's beginnings, the shortest first: the system prompt, then with the first message, and so on.
    package var prefix: [UInt64] {
        get { rare.isEmpty ? [] : rare[0].prefix }
        set { change { $0.prefix = newValue } }
    }

    /// Lower goes first in queues; routing only carries it.
    package var priority: Int {
        get { rare.isEmpty ? 0 : rare[0].priority }
        set { change { $0.priority = newValue } }
    }

    /// What the client asks of routing itself.
    package var overrides: RouteOverrides? {
        get { rare.isEmpty ? nil : rare[0].overrides }
        set { change { $0.overrides = newValue } }
    }

    private mutating func change(_ change: (inout Rare) -> Void) {
        if rare.isEmpty { rare.append(Rare()) }
        change(&rare[0])
    }
}

/// What a group's rules look at, so that the hall computes nothing that nobody asks for.
package struct RouteNeeds: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `inputTokens`: some deployment has a limit of tokens or a context that is checked, or the strategy weighs tokens.
    package static let tokens = RouteNeeds(rawValue: 1)
    package static let prefix = RouteNeeds(rawValue: 2)
    package static let tags = RouteNeeds(rawValue: 4)
    package static let userAgent = RouteNeeds(rawValue: 8)
    package static let session = RouteNeeds(rawValue: 16)
}
