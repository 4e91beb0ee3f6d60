package import WeirAccess
package import WeirConfig
package import WeirCore
import WeirHTTP

/// The offices on a store, without a door before them: for the one who sits at it. What holds behind the door, the forms of
/// each route and the configuration's bounds, holds here.
package struct BackOffice: Sendable {
    /// A proxy admin.
    package static let requester = Requester(
        role: .proxyAdmin, userID: "default_user_id", keyHash: "", address: "command line")

    package let house: StoreHouse
    /// What secrets are sealed with; nil: none can be.
    package let masterSecret: Secret?
    private let document: ConfigDocument
    private let time: TimeSource
    private let table = ManagementTable()

    /// Opens the store that is meant. Nothing is asked of a PostgreSQL yet.
    package init(
        _ choice: StoreChoice, _ document: ConfigDocument, _ environment: [String: String], time: TimeSource
    ) throws {
        self.init(try StoreOpening.house(choice, document.store, environment, time: time), document, time: time)
    }

    init(_ house: StoreHouse, _ document: ConfigDocument, time: TimeSource) {
        self.house = house
        self.document = document
        self.time = time
        masterSecret = document.masterSecret
    }

    /// `other` stands in for the store where that has no tables yet.
    package func desk(on other: (any Store)? = nil) -> Desk {
        Desk(other ?? house.store, document, Vault(master: masterSecret), NoModels(), time: time)
    }

    /// What the route without parameters at `path` answers, as `ManagementTable.answer` has it; nil when there is none.
    package func answer(
        _ method: String, _ path: String, body: JSONObject, query: JSONObject
    ) async throws(OfficeFault) -> JSONValue? {
        try await table.answer(method, path, body: body, query: query, by: Self.requester, at: Offices(desk()))?.value
    }

    package func close() async { await house.close() }
}

extension Desk {
    /// A desk by the rules of a configuration.
    init(
        _ store: any Store, lists: (any Store)? = nil, _ document: ConfigDocument, _ vault: Vault,
        _ models: any ModelDirectory, time: TimeSource
    ) {
        self.init(store: store, lists: lists, time: time, policy: OfficePolicy(document), vault: vault, models: models)
        {
            var chance = SystemRandomNumberGenerator()
            return chance.next()
        }
    }
}

extension OfficePolicy {
    init(_ document: ConfigDocument) {
        self.init()
        compat = document.general.compat
        defaultKeyParams = document.store.defaultKeyParams
        upperboundKeyParams = document.store.upperboundKeyParams
        keyGeneration = document.store.keyGeneration
        defaultUserParams = document.store.defaultUserParams
        defaultTeamParams = document.store.defaultTeamParams
        refusesCustomKeys = document.store.refusesCustomKeys
        storesModels = document.store.storesModels ?? true
        masterKeyHash = document.general.masterKey.map { KeyDigest(of: $0).hex }
    }
}

extension ConfigDocument {
    /// What the store's secrets are sealed with: `WEIR_MASTER_SECRET`, else `LITELLM_SALT_KEY`, else the master key.
    var masterSecret: Secret? { store.masterSecret ?? general.masterKey }
}
