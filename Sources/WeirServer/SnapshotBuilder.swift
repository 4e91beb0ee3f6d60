import Synchronization
import WeirAccess
import WeirAccounting
import WeirConfig
import WeirCore
import WeirLimits
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTransport

/// Turns the configuration into what the rooms work with. The only place that knows both.
struct SnapshotBuilder: Sendable {
    private let identities: TLSIdentities
    private let environment: [String: String]
    private let paths: BasePaths
    private let prices: PriceTable
    private let shared: SharedRooms
    private let time: TimeSource
    private let store: StoreRoom?

    init(
        _ identities: TLSIdentities, _ environment: [String: String], _ shared: SharedRooms, time: TimeSource,
        prices: PriceTable = .builtIn, store: StoreRoom? = nil
    ) {
        self.store = store
        self.shared = shared
        self.time = time
        self.identities = identities
        self.environment = environment
        self.prices = prices
        paths = BasePaths()
    }

    /// A snapshot for one loop: loops share no reference counts. `ids` are those of the entries, in their order.
    func build(_ document: ConfigDocument, ids: [String], _ stored: StoredState = StoredState()) -> Snapshot {
        let prepared = zip(document.models, ids).enumerated().map { index, entry in
            prepare(entry.0, index, id: entry.1, document)
        }
        return Snapshot(
            access: access(document, ids, stored),
            limits: Limits(RoutingTranslation.limits(document), board: shared.limiters, wall: time.wall),
            planner: RoutePlanner(
                prepared.map(\.deployment), routing(document), board: shared.deployments),
            deployments: prepared, estimate: RoutingTranslation.estimate(document), explains: document.router.explains,
            queue: RoutingTranslation.queue(document.router))
    }

    /// What was spent is kept over reloads.
    private func routing(_ document: ConfigDocument) -> RoutingSettings {
        var settings = RoutingTranslation.routing(document)
        for budget in document.router.providerBudgets {
            settings.budgets[budget.provider] = shared.deployments.budget(
                of: budget.provider, limit: budget.limit,
                period: budget.period.map { Timeout($0).nanoseconds } ?? .max, at: time.monotonic())
        }
        return settings
    }

    /// What each deployment is called, in the order of the entries.
    static func ids(_ document: ConfigDocument) -> [String] {
        var taken: Set<String> = []
        return document.models.map { id(of: $0, &taken) }
    }

    private func access(_ document: ConfigDocument, _ ids: [String], _ stored: StoredState) -> Access {
        var settings = Self.access(document)
        settings.accessGroups = stored.accessGroups(of: document, ids: ids)
        for entry in document.models {
            if let team = entry.info.teamID { settings.teamModels[entry.name] = team }
        }
        settings.modelAliases = RoutingTranslation.groupNames(document.router)
        settings.wantsIdentityTokens = document.identity.takesTokens
        settings.allowsWithoutStore = document.store.servesWithoutDatabase
        return Access(
            settings, keys: store?.keys, tokens: store?.tokens(document), customers: store?.customers(document))
    }

    static func access(_ document: ConfigDocument) -> AccessSettings {
        let tokens = document.auth.kind == AuthSection.Kind.none ? [] : document.auth.tokens
        return AccessSettings(
            masterKey: document.general.masterKey,
            tokens: tokens.map { .init(name: $0.name ?? "", secret: $0.token) }, compat: document.general.compat)
    }

    // MARK: One deployment

    private func prepare(
        _ entry: ModelEntry, _ index: Int, id: String, _ document: ConfigDocument
    ) -> PreparedDeployment {
        let name = vendorName(of: entry)
        let vendor = name == "echo" ? nil : CompatibleVendors.vendor(name)
        let base = base(of: entry, vendor, document)
        let facts = prices.facts(model: entry.info.baseModel ?? entry.model, vendor: name)
        let ownPrice = entry.price.token
        let deployment = Deployment(
            index: index, id: id, group: entry.name, vendor: name, upstreamModel: entry.model,
            apiBase: entry.mockResponse == nil ? entry.apiBase ?? vendor?.base ?? "" : "", weight: entry.weight ?? 0,
            requestsPerMinute: entry.rpm ?? 0,
            tokensPerMinute: entry.tpm ?? 0, price: ownPrice ?? facts?.price,
            longPromptPrices: ownPrice == nil ? facts?.longPromptPrices ?? [] : [],
            traits: RoutingTranslation.traits(entry, document.router, longestPrompt: facts?.maxInputTokens))
        var settings = settings(of: entry, vendor, document)
        settings.base = base
        return PreparedDeployment(deployment, settings, basePath: paths.memory(of: entry.apiBase ?? ""))
    }

    /// Without a prefix the price table knows whose model it is; an address of its own means a compatible server.
    private func vendorName(of entry: ModelEntry) -> String {
        if !entry.vendor.isEmpty { return entry.vendor }
        if entry.apiBase != nil { return "openai" }
        return prices.facts(model: entry.model, vendor: "")?.provider ?? "openai"
    }

    private func base(of entry: ModelEntry, _ vendor: CompatibleVendor?, _ document: ConfigDocument) -> BaseURL? {
        guard let vendor else { return nil }
        let own = value(of: vendor.baseVariables, document)
        guard let text = entry.apiBase ?? own ?? vendor.base else { return nil }
        return BaseURL(text, tlsIdentity: identities.number(of: identity(entry.tls, document)))
    }

    private func identity(_ own: TLSFields, _ document: ConfigDocument) -> TLSIdentity {
        let shared = document.litellm.tls
        return TLSIdentity(
            certificateAuthorities: own.trustRoots ?? shared.trustRoots ?? value(of: ["SSL_CERT_FILE"], document),
            certificateChain: own.clientCertificate ?? shared.clientCertificate,
            privateKey: own.clientKey ?? shared.clientKey, verifies: own.verifies ?? shared.verifies ?? true)
    }

    private func settings(
        of entry: ModelEntry, _ vendor: CompatibleVendor?, _ document: ConfigDocument
    ) -> ProviderSettings {
        var settings = ProviderSettings()
        settings.vendor = vendor
        settings.echoes = vendorName(of: entry) == "echo"
        settings.key = entry.apiKey ?? vendor.flatMap { value(of: $0.keyVariables, document) }.map { Secret($0) }
        settings.apiVersion =
            entry.apiVersion ?? (vendor?.addressForm == .azure ? value(of: ["AZURE_API_VERSION"], document) : nil)
        settings.organization = entry.organization
        settings.extraFields = entry.extraHeaders.map { ($0.name, $0.value) }
        let ruled = document.routes.filter { $0.condition == nil && $0.models.contains(entry.name) }
            .flatMap(\.completionParams)
        settings.defaults = Self.merged(entry.defaults + ruled)
        settings.forced = entry.extraBody.map { ($0.key, $0.json) }
        settings.dropped = entry.additionalDropParams
        settings.dropsUnsupported = entry.dropParams ?? document.litellm.dropParams
        settings.mockText = entry.mockResponse
        settings.clientCredentials = entry.clientsideAuthParams
        let total = entry.timeout ?? document.router.timeout ?? document.litellm.requestTimeout ?? .seconds(6000)
        let piece = entry.streamTimeout ?? document.router.streamTimeout ?? total
        let connect = min(Timeout.seconds(5), Timeout(total))
        settings.timeouts = UpstreamTimeouts(
            connect: connect, firstByte: Timeout(total), idle: Timeout(total), total: Timeout(total))
        settings.streamTimeouts = UpstreamTimeouts(
            connect: connect, firstByte: Timeout(piece), idle: Timeout(piece), total: .none)
        applyLimits(of: entry, document.router, to: &settings)
        return settings
    }

    /// Bounds of their own for the first byte, and for each further one.
    private func applyLimits(of entry: ModelEntry, _ router: RouterSection, to settings: inout ProviderSettings) {
        if let first = (entry.firstByteTimeout ?? router.firstByteTimeout).map({ Timeout($0) }) {
            settings.timeouts.firstByte = min(settings.timeouts.firstByte, first)
            settings.streamTimeouts.firstByte = min(settings.streamTimeouts.firstByte, first)
        }
        if let chunk = (entry.chunkTimeout ?? router.chunkTimeout).map({ Timeout($0) }) {
            settings.streamTimeouts.idle = min(settings.streamTimeouts.idle, chunk)
        }
    }

    /// The first of those with the same key counts.
    private static func merged(_ fields: [JSONField]) -> [(name: String, json: String)] {
        var seen: Set<String> = []
        return fields.filter { seen.insert($0.key).inserted }.map { ($0.key, $0.json) }
    }

    private func value(of names: [String], _ document: ConfigDocument) -> String? {
        document.value(of: names, environment)
    }

    /// What the configuration gives, or a digest of what makes the deployment what it is.
    private static func id(of entry: ModelEntry, _ taken: inout Set<String>) -> String {
        if let id = entry.info.id { return id }
        let parts = [entry.name, entry.vendor, entry.model, entry.apiBase ?? "", entry.apiVersion ?? ""]
        var id = KeyDigest(of: Secret(parts.joined(separator: "\n"))).hex
        var copy = 1
        while !taken.insert(id).inserted {
            copy += 1
            id = KeyDigest(of: Secret((parts + [String(copy)]).joined(separator: "\n"))).hex
        }
        return id
    }
}

/// What was found out about servers whose address has no path: kept over reloads, shared by all loops.
private final class BasePaths: Sendable {
    private let known = Mutex<[String: BasePathMemory]>([:])

    func memory(of base: String) -> BasePathMemory {
        known.withLock { known in
            if let memory = known[base] { return memory }
            let memory = BasePathMemory()
            known[base] = memory
            return memory
        }
    }
}

extension ConfigDocument {
    /// The first of these variables that is set and not empty: by `environment_variables`, or from outside.
    func value(of names: [String], _ environment: [String: String]) -> String? {
        names.lazy.compactMap { name in
            environmentVariables.last { $0.name == name }?.value.revealed() ?? environment[name]
        }.first { !$0.isEmpty }
    }
}
