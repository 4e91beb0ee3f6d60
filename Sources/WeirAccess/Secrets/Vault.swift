import Crypto
package import WeirCore

/// Seals what must not be read from the store: provider keys of models and credentials.
///
/// Each text is sealed by AES-256-GCM under a data key of its family of records, bound to the place where it stands
/// (`SealContext`). Data keys are kept in the store, wrapped by the master secret; they stay in memory once they were read.
package struct Vault: Sendable {
    /// Nil: nothing can be sealed, so nothing secret is taken.
    private let master: MasterSecret?
    private let ring = DataKeyRing()

    package init(master: Secret?) {
        self.master = master.flatMap { $0.isEmpty ? nil : MasterSecret($0) }
    }

    package var canSeal: Bool { master != nil }

    /// Makes sure that there is a data key for `family`, in a transaction of its own: of replicas that do so at once, one makes
    /// it and the others find it.
    package func prepare(_ family: EntityKind, _ desk: Desk) async throws(OfficeFault) {
        guard canSeal else { throw OfficeFault(VaultFault.cannotSeal) }
        if try await desk.read({ session in try DataKey.current(family, session) != nil }) { return }
        do throws(OfficeFault) {
            try await desk.write { session in _ = try currentOrMade(family, session, desk) }
        } catch {
            guard try await desk.read({ session in try DataKey.current(family, session) != nil }) else { throw error }
        }
    }

    /// `plain`, to be kept in the place that `context` names. Throws `VaultFault` and `StoreFault`.
    package func seal(
        _ plain: Secret, in context: SealContext, _ session: any StoreSession, _ desk: Desk
    ) throws -> String {
        let dataKey = try currentOrMade(context.kind, session, desk)
        let key = try unwrapped(dataKey, session)
        let box = try AuthenticatedBox.seal(
            Array(plain.revealed().utf8), key, nonce: desk.randomBytes(AuthenticatedBox.nonceBytes),
            authenticating: context.bytes)
        return SealedText(dataKeyID: dataKey.id, box: box).text
    }

    /// What `text` was made of. Throws `VaultFault` and `StoreFault`.
    package func open(_ text: String, in context: SealContext, _ session: any StoreSession) throws -> Secret {
        guard let sealed = SealedText(text) else {
            throw VaultFault.tampered(context.kind, id: context.id, path: context.path)
        }
        guard master != nil else { throw VaultFault.noMaster(records: try session.count(context.kind, [])) }
        if let key = ring.entry(sealed.dataKeyID)?.key, let plain = Self.opened(sealed, key, context) { return plain }
        guard let dataKey = try session.entity(.dataKeys, sealed.dataKeyID).flatMap(DataKey.init) else {
            throw VaultFault.dataKeyMissing(sealed.dataKeyID)
        }
        guard let plain = Self.opened(sealed, try unwrapped(dataKey, session), context) else {
            throw VaultFault.tampered(context.kind, id: context.id, path: context.path)
        }
        return plain
    }

    /// Whether the master secret opens the data keys that are there. Throws `noMaster` or `wrongMaster` when it does not.
    package func check(_ session: any StoreSession) throws {
        for dataKey in try DataKey.all(session).compactMap(DataKey.init) {
            guard canSeal else { throw VaultFault.noMaster(records: try session.count(dataKey.family, [])) }
            _ = try unwrapped(dataKey, session)
        }
    }

    /// One more data key for `family`: what is sealed from now on is sealed with it.
    func renew(_ family: EntityKind, _ session: any StoreSession, _ desk: Desk) throws -> String {
        let last = try DataKey.current(family, session)?.generation ?? 0
        return try made(family, generation: last + 1, session, desk).id
    }

    /// The same data key under `next`; nil when `next` wraps it already. Throws `wrongMaster`.
    func rewrapped(
        _ dataKey: DataKey, for next: Vault, _ session: any StoreSession, _ desk: Desk
    ) throws -> DataKey? {
        guard let old = master, let new = next.master else { throw VaultFault.cannotSeal }
        if new.unwrap(dataKey.wrapped, id: dataKey.id) != nil { return nil }
        guard let key = old.unwrap(dataKey.wrapped, id: dataKey.id) else {
            throw VaultFault.wrongMaster(records: try session.count(dataKey.family, []))
        }
        let wrapped = try new.wrap(key, id: dataKey.id, nonce: desk.randomBytes(AuthenticatedBox.nonceBytes))
        return DataKey(family: dataKey.family, generation: dataKey.generation, wrapped: wrapped)
    }

    // MARK: Data keys

    private func currentOrMade(
        _ family: EntityKind, _ session: any StoreSession, _ desk: Desk
    ) throws -> DataKey {
        if let current = try DataKey.current(family, session) { return current }
        do {
            return try made(family, generation: 1, session, desk)
        } catch let fault as StoreFault {
            // Somebody else made the first one between the look and the insert.
            guard case .duplicate(.dataKeys, _) = fault, let current = try DataKey.current(family, session) else {
                throw fault
            }
            return current
        }
    }

    private func made(
        _ family: EntityKind, generation: Int, _ session: any StoreSession, _ desk: Desk
    ) throws -> DataKey {
        guard let master else { throw VaultFault.cannotSeal }
        let id = DataKey.id(family, generation)
        let key = SymmetricKey(data: desk.randomBytes(AuthenticatedBox.keyBytes))
        let wrapped = try master.wrap(key, id: id, nonce: desk.randomBytes(AuthenticatedBox.nonceBytes))
        let dataKey = DataKey(family: family, generation: generation, wrapped: wrapped)
        let now = desk.now
        try session.insert(
            Entity(
                kind: .dataKeys, id: id, document: dataKey.document, createdAt: now, updatedAt: now, createdBy: "",
                updatedBy: ""))
        return dataKey
    }

    /// Always the key that the store names in this transaction: one from memory counts only when it came of the same text.
    private func unwrapped(_ dataKey: DataKey, _ session: any StoreSession) throws -> SymmetricKey {
        if let entry = ring.entry(dataKey.id), entry.wrapped == dataKey.wrapped { return entry.key }
        guard let master else { throw VaultFault.noMaster(records: try session.count(dataKey.family, [])) }
        guard let key = master.unwrap(dataKey.wrapped, id: dataKey.id) else {
            throw VaultFault.wrongMaster(records: try session.count(dataKey.family, []))
        }
        ring.keep(.init(wrapped: dataKey.wrapped, key: key), dataKey.id)
        return key
    }

    private static func opened(_ sealed: SealedText, _ key: SymmetricKey, _ context: SealContext) -> Secret? {
        AuthenticatedBox.open(sealed.box, key, authenticating: context.bytes)
            .map { Secret(String(decoding: $0, as: UTF8.self)) }
    }
}
