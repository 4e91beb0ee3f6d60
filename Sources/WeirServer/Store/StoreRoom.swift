import Logging
import Synchronization
import WeirAccess
import WeirConfig
import WeirCore
import WeirStorage

/// Everything of this process that has to do with the store, and with those who are known from elsewhere than the
/// configuration: kept over reloads.
final class StoreRoom: Sendable {
    let keys: KeyCache
    let keySets = KeySets()
    private let customers: Customers
    private let house: StoreHouse
    private let time: TimeSource
    private let logger: Logger
    private let watch = Mutex<StoreWatch?>(nil)
    private let identity = Mutex<KnownIdentity?>(nil)

    private struct KnownIdentity {
        let section: IdentitySection
        let tokens: IdentityTokens?
    }

    /// One for the life of the process: it keeps the keys that it has opened.
    private let vault: Vault

    /// The store that the settings and the configuration mean, its schema up to date; nil when they mean none.
    ///
    /// Throws when it can never work: a schema of a newer program, a directory that was named and cannot be written. A
    /// database that does not answer is tried again later.
    static func open(
        _ settings: ServerSettings, _ document: ConfigDocument, time: TimeSource, logger: Logger
    ) async throws -> StoreRoom? {
        let choice = StoreChoice(directory: settings.dataDirectory)
        let isNamed = choice.isNamed(document.store, settings.environment)
        guard isNamed || document.general.masterKey != nil || document.identity.takesTokens else { return nil }
        let house: StoreHouse
        do {
            house = try StoreOpening.house(choice, document.store, settings.environment, time: time, logger: logger)
        } catch {
            if isNamed { throw error }
            logger.warning(
                "keys, users and teams cannot be kept: \(error). Name a place with --data-dir or DATABASE_URL.")
            return nil
        }
        do {
            try await house.prepare()
        } catch let refusal as StoreRefusal {
            throw refusal
        } catch {
            logger.error("the store does not answer yet; it is tried again: \(error)")
        }
        return StoreRoom(house, document, time: time, logger: logger)
    }

    private init(_ house: StoreHouse, _ document: ConfigDocument, time: TimeSource, logger: Logger) {
        self.house = house
        self.time = time
        self.logger = logger
        vault = Vault(master: document.masterSecret)
        var bounds = KeyCache.Bounds()
        if let size = document.store.keyCacheSize { bounds.keys = size }
        keys = KeyCache(store: house.store, time: time, bounds: bounds)
        customers = Customers(store: house.store, time: time)
    }

    /// The customers, as a configuration wants them: the same for all loops and every reload.
    func customers(_ document: ConfigDocument) -> Customers {
        customers.adopt(defaultBudget: document.store.defaultCustomerBudget)
        return customers
    }

    var title: String { house.title }
    /// The store answers.
    var isOpen: Bool { house.isOpen && changes?.answers != false }

    /// What the store adds to the configuration; nil while it does not answer.
    func stored() async -> StoredState? {
        guard house.isOpen else { return nil }
        do {
            let found = try await StoredModels.found(in: house.store, vault)
            for refused in found.refused {
                logger.error("a model of the store is left out: \(refused.name) (\(refused.id)): \(refused.reason)")
            }
            return StoredState(
                models: found.entries, credentials: found.credentials, groups: found.groups,
                keyGroups: found.keyGroups)
        } catch {
            logger.error("the models of the store cannot be read: \(error)")
            return nil
        }
    }

    /// From here on changes are taken in.
    func serve(_ gateway: Gateway) {
        let watch = StoreWatch(house, keys, customers, time: time, logger: logger) { [weak self, weak gateway] in
            guard let self, let gateway, let stored = await self.stored() else { return }
            await gateway.adopt(stored)
        }
        self.watch.withLock { $0 = watch }
    }

    var changes: StoreWatch? { watch.withLock { $0 } }

    /// Those who call with a token of an identity provider, as a configuration wants; nil when it wants none. One for all
    /// loops, and for every reload that leaves the rules alone.
    ///
    /// Rules that cannot be taken let nobody in: they are told of, and no token is taken.
    func tokens(_ document: ConfigDocument) -> IdentityTokens? {
        let section = document.identity
        return identity.withLock { identity in
            if let identity, identity.section == section { return identity.tokens }
            if identity != nil { keys.dropAll() }
            let tokens = section.takesTokens ? makeTokens(section, document) : nil
            identity = KnownIdentity(section: section, tokens: tokens)
            return tokens
        }
    }

    private func makeTokens(_ section: IdentitySection, _ document: ConfigDocument) -> IdentityTokens? {
        do throws(IdentitySettingsFault) {
            let settings = try IdentitySettings(
                reading: section.tokenRules, keyURLs: section.keyAddresses, publicKey: section.publicKey,
                audience: section.audience,
                issuer: section.issuer)
            return IdentityTokens(
                settings, desk: desk(document, NoModels()), time: time, fetch: keySets.fetch, ask: keySets.ask)
        } catch {
            logger.error("no token of an identity provider is taken: \(error.problems.joined(separator: "; "))")
            return nil
        }
    }

    /// The offices for a configuration.
    func offices(_ document: ConfigDocument, _ models: any ModelDirectory) -> Offices {
        Offices(desk(document, models))
    }

    private func desk(_ document: ConfigDocument, _ models: any ModelDirectory) -> Desk {
        let store: any Store = changes.map { WatchedStore(house.store, $0) } ?? house.store
        return Desk(store, lists: house.lists, document, vault, models, time: time)
    }

    func close() async { await house.close() }
}

/// The deployments in force, as offices ask for them.
struct HouseModels: ModelDirectory {
    private let house: HouseBoard
    private let configured: [CredentialEntry]
    private let environment: [String: String]

    init(_ house: HouseBoard, _ configured: [CredentialEntry], _ environment: [String: String]) {
        self.house = house
        self.configured = configured
        self.environment = environment
    }

    func deployed() -> [DeployedModel] { house.deployed() }

    func problems(of entry: JSONObject) -> [String] {
        StoredEntries.read(entry, configured, environment: environment).problems
    }

    func credentials() -> [JSONObject] { configured.map(\.shown) }
}
