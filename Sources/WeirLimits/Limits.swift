import Synchronization
package import WeirCoordination
package import WeirCore

/// The room that says whether a request may be served now.
///
/// A request is asked for at its key and those whom the key belongs to (its grant), the customer for whom it is sent, its
/// model group and the whole gateway, in this order, and there for a parallel slot, one request, and its tokens. All or nothing: when one refuses, what the others gave goes back. Made anew for each
/// configuration; the windows live in the board and outlast it.
package final class Limits: Sendable {
    package static let minute: UInt64 = 60_000_000_000
    private static let shelfCount = 16
    /// As many model groups of one key; then its lists are made afresh.
    private static let listsPerPrincipal = 64
    /// So many keys' limits are kept at hand on each of the 16 shelves; then the shelf is emptied, and filled again as needed.
    private static let shelfSize = 4096

    package let settings: LimitsSettings
    private let board: LimiterBoard
    private let wall: @Sendable () -> UInt64
    private let global: LimitScope?
    private let groups: [String: LimitScope]
    private let limitsPrincipals: Bool
    /// Requests are limited whoever sends them.
    private let limitsAll: Bool
    private let shelves: [Shelf]

    private final class Shelf: Sendable {
        let known = Mutex<[Int: Known]>([:])
    }

    private struct Known {
        let principal: Principal
        /// By model group.
        var lists: [String: [LimitScope]] = [:]
    }

    /// `wall` is the wall clock in nanoseconds since 1970, for the words of a refusal.
    package init(_ settings: LimitsSettings, board: LimiterBoard, wall: @escaping @Sendable () -> UInt64) {
        self.settings = settings
        self.board = board
        self.wall = wall
        global = LimitScope(settings.global, id: "global", title: "global: all", board: board)
        var groups: [String: LimitScope] = [:]
        for (name, set) in settings.perGroup {
            groups[name] = LimitScope(set, id: "group:\(name)", title: "model_group: \(name)", board: board)
        }
        self.groups = groups
        limitsPrincipals = !settings.defaultPrincipal.isEmpty || settings.perPrincipal.values.contains { !$0.isEmpty }
        limitsAll = limitsPrincipals || !groups.isEmpty || global != nil
        shelves = (0..<Self.shelfCount).map { _ in Shelf() }
    }

    /// Some limit applies to what `principal` asks for. Where none does, `admit` need not be called.
    package func concern(_ principal: Principal, for customer: Principal? = nil) -> Bool {
        limitsAll || principal.grant.map { !$0.limits.isEmpty } ?? false
            || customer?.grant.map { !$0.limits.isEmpty } ?? false
    }

    /// Lets the request in, or throws `rateLimited` (or `limitsUnavailable`, when the store is away and the configuration
    /// wants nothing let in then), with the time after which it may come again. Waits only when the shared store alone can
    /// tell.
    ///
    /// `tokens` is what prompt and answer may have in all (`TokenEstimate`); it is not computed when no limit counts tokens.
    package func admit(
        _ principal: Principal, for customer: Principal? = nil, group: String, tokens: @autoclosure () -> Int,
        at now: UInt64
    ) async throws(GatewayFault) -> Permit {
        let scopes = scopes(principal, customer, group)
        guard !scopes.isEmpty else { return .free }
        let permit = Permit(scopes, reserved: reservation(scopes, tokens), at: now)
        if try fill(permit, at: now) { return permit }
        for (index, scope) in permit.scopes.enumerated() {
            for kind in LimitScope.Kind.allCases where scope.has(kind) {
                let decision = await scope.takeAsking(kind, tokens: permit.reserved, at: now)
                try note(decision, permit, index, kind, at: now)
            }
        }
        return permit
    }

    /// The same without waiting. Nil, and nothing taken, when only the shared store can tell: call `admit` then.
    package func admitNow(
        _ principal: Principal, for customer: Principal? = nil, group: String, tokens: @autoclosure () -> Int,
        at now: UInt64
    ) throws(GatewayFault) -> Permit? {
        let scopes = scopes(principal, customer, group)
        guard !scopes.isEmpty else { return .free }
        let permit = Permit(scopes, reserved: reservation(scopes, tokens), at: now)
        return try fill(permit, at: now) ? permit : nil
    }

    /// How the limits of such a request stand, without taking anything.
    package func readings(
        _ principal: Principal, for customer: Principal? = nil, group: String, at now: UInt64
    ) -> LimitReadings {
        let scopes = scopes(principal, customer, group)
        return Permit(scopes, reserved: 0, at: now).readings(at: now)
    }

    // MARK: Inside

    private func reservation(_ scopes: [LimitScope], _ tokens: () -> Int) -> Int {
        guard scopes.contains(where: { $0.tokens != nil }) else { return 0 }
        return min(max(0, tokens()), RateWindow.greatestLimit)
    }

    /// Takes from all limits in turn. False, and nothing taken, when one of them does not know.
    private func fill(_ permit: Permit, at now: UInt64) throws(GatewayFault) -> Bool {
        for (index, scope) in permit.scopes.enumerated() {
            for kind in LimitScope.Kind.allCases where scope.has(kind) {
                let decision = scope.take(kind, tokens: permit.reserved, at: now)
                if decision == .unsure {
                    permit.undo(at: now)
                    return false
                }
                try note(decision, permit, index, kind, at: now)
            }
        }
        return true
    }

    private func note(
        _ decision: LimitDecision, _ permit: Permit, _ index: Int, _ kind: LimitScope.Kind, at now: UInt64
    ) throws(GatewayFault) {
        guard case .refused(let retryAfter) = decision else {
            permit.note(index, kind)
            return
        }
        permit.undo(at: now)
        let scope = permit.scopes[index]
        if scope.isUnavailable(kind) {
            throw GatewayFault(
                .limitsUnavailable, "Limits cannot be checked at the moment. Try again shortly.",
                detail: "no answer from the shared store for \(scope.title), \(kind.name)", retryAfter: retryAfter)
        }
        let reading = scope.reading(kind, at: now)
        let limit = reading?.limit ?? 0
        let wanted = kind == .tokens && permit.reserved > limit ? " The request needs \(permit.reserved)." : ""
        throw GatewayFault(
            .rateLimited,
            "Rate limit exceeded for \(scope.title). Limit type: \(kind.name). Current limit: \(limit), "
                + "Remaining: \(reading?.remaining ?? 0). Limit resets at: \(UTCTime.text(wall() &+ retryAfter)).\(wanted)",
            retryAfter: retryAfter)
    }

    /// The limits that a request for `group` must pass: the caller's list, and in its middle the customer's. Each is made
    /// once; what both make together is not kept, because there are too many pairs of them.
    private func scopes(_ principal: Principal, _ customer: Principal?, _ group: String) -> [LimitScope] {
        let scopes = scopes(principal, group)
        guard let customer, customer.grant?.limits.isEmpty == false else { return scopes }
        let own = scopes.count - sharedCount(group)
        return scopes[..<own] + self.scopes(customer, group) + scopes[own...]
    }

    /// How many at the end of each list are not the principal's.
    private func sharedCount(_ group: String) -> Int { (groups[group] == nil ? 0 : 1) + (global == nil ? 0 : 1) }

    private func scopes(_ principal: Principal, _ group: String) -> [LimitScope] {
        let shelf = shelves[principal.index & (Self.shelfCount - 1)]
        let known = shelf.known.withLock { known -> [LimitScope]? in
            guard let entry = known[principal.index], entry.principal === principal else { return nil }
            return entry.lists[group]
        }
        if let known { return known }
        let list = makeScopes(principal, group)
        shelf.known.withLock { known in
            if known.count >= Self.shelfSize { known = [:] }
            var entry =
                known[principal.index].flatMap { $0.principal === principal ? $0 : nil } ?? Known(principal: principal)
            if entry.lists.count >= Self.listsPerPrincipal { entry.lists = [:] }
            entry.lists[group] = list
            known[principal.index] = entry
        }
        return list
    }

    private func makeScopes(_ principal: Principal, _ group: String) -> [LimitScope] {
        var scopes: [LimitScope] = []
        let granted = principal.grant?.limits ?? []
        let concerned = granted.filter { $0.model == nil || $0.model == group }
        for grant in concerned.prefix(Permit.maximumScopes - 4) {
            if let scope = scope(of: grant) { scopes.append(scope) }
        }
        // What holds for all is in the list of the one who calls.
        if principal.kind == .customer { return scopes }
        // What the configuration says of keys is for those that the store gives no limits of their own.
        if limitsPrincipals, !granted.contains(where: { $0.id == "key:\(principal.keyHash)" }),
            let scope = makeScope(of: principal)
        {
            scopes.insert(scope, at: 0)
        }
        if let scope = groups[group] { scopes.append(scope) }
        if let global { scopes.append(global) }
        return scopes
    }

    private func scope(of grant: LimitGrant) -> LimitScope? {
        LimitScope(
            LimitSet(
                requestsPerMinute: grant.requestsPerMinute, tokensPerMinute: grant.tokensPerMinute,
                parallel: grant.parallel),
            id: grant.model.map { "\(grant.id):model:\($0)" } ?? grant.id, title: grant.title, board: board)
    }

    private func makeScope(of principal: Principal) -> LimitScope? {
        let named = settings.perPrincipal[principal.alias] ?? settings.perPrincipal[principal.keyHash]
        return LimitScope(
            named ?? settings.defaultPrincipal, id: "key:\(principal.keyHash)",
            title: "api_key: \(principal.keyHash.isEmpty ? "none" : principal.keyHash)",
            board: board)
    }
}
