import Synchronization
package import WeirCoordination
package import WeirCore

/// The room that says whether a request may be served now.
///
/// A request is asked for at its key, its model group and the whole gateway, in this order, and there for a parallel slot,
/// one request, and its tokens. All or nothing: when one refuses, what the others gave goes back. Made anew for each
/// configuration; the windows live in the board and outlast it.
package final class Limits: Sendable {
    package static let minute: UInt64 = 60_000_000_000
    private static let shelves = 16
    /// So many keys' limits are kept at hand on each of the 16 shelves; then the shelf is emptied, and filled again as needed.
    private static let shelfSize = 4096

    package let settings: LimitsSettings
    private let board: LimiterBoard
    private let wall: @Sendable () -> UInt64
    private let global: LimitScope?
    private let groups: [String: LimitScope]
    private let limitsPrincipals: Bool
    private let principals: [Shelf]

    private final class Shelf: Sendable {
        let known = Mutex<[Int: Known]>([:])
    }

    private struct Known {
        let principal: Principal
        let scope: LimitScope?
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
        principals = (0..<Self.shelves).map { _ in Shelf() }
    }

    /// Lets the request in, or throws `rateLimited` (or `limitsUnavailable`, when the store is away and the configuration
    /// wants nothing let in then), with the time after which it may come again. Waits only when the shared store alone can
    /// tell.
    ///
    /// `tokens` is what prompt and answer may have in all (`TokenEstimate`); it is not computed when no limit counts tokens.
    package func admit(
        _ principal: Principal, group: String, tokens: @autoclosure () -> Int, at now: UInt64
    ) async throws(GatewayFault) -> Permit {
        let scopes = scopes(principal, group)
        guard scopes.0 != nil || scopes.1 != nil || scopes.2 != nil else { return .free }
        let permit = Permit(scopes, reserved: reservation(scopes, tokens), at: now)
        if try fill(permit, at: now) { return permit }
        for index in 0..<3 {
            guard let scope = permit.scope(index) else { continue }
            for kind in LimitScope.Kind.allCases where scope.has(kind) {
                let decision = await scope.takeAsking(kind, tokens: permit.reserved, at: now)
                try note(decision, permit, index, kind, at: now)
            }
        }
        return permit
    }

    /// The same without waiting. Nil, and nothing taken, when only the shared store can tell: call `admit` then.
    package func admitNow(
        _ principal: Principal, group: String, tokens: @autoclosure () -> Int, at now: UInt64
    ) throws(GatewayFault) -> Permit? {
        let scopes = scopes(principal, group)
        guard scopes.0 != nil || scopes.1 != nil || scopes.2 != nil else { return .free }
        let permit = Permit(scopes, reserved: reservation(scopes, tokens), at: now)
        return try fill(permit, at: now) ? permit : nil
    }

    /// How the limits of such a request stand, without taking anything.
    package func readings(_ principal: Principal, group: String, at now: UInt64) -> LimitReadings {
        let scopes = scopes(principal, group)
        return Permit(scopes, reserved: 0, at: now).readings(at: now)
    }

    // MARK: Inside

    private func reservation(
        _ scopes: (LimitScope?, LimitScope?, LimitScope?), _ tokens: () -> Int
    ) -> Int {
        guard scopes.0?.tokens != nil || scopes.1?.tokens != nil || scopes.2?.tokens != nil else { return 0 }
        return min(max(0, tokens()), RateWindow.greatestLimit)
    }

    /// Takes from all limits in turn. False, and nothing taken, when one of them does not know.
    private func fill(_ permit: Permit, at now: UInt64) throws(GatewayFault) -> Bool {
        for index in 0..<3 {
            guard let scope = permit.scope(index) else { continue }
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
        guard let scope = permit.scope(index) else { return }
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

    private func scopes(_ principal: Principal, _ group: String) -> (LimitScope?, LimitScope?, LimitScope?) {
        (limitsPrincipals ? scope(of: principal) : nil, groups.isEmpty ? nil : groups[group], global)
    }

    private func scope(of principal: Principal) -> LimitScope? {
        let shelf = principals[principal.index & (Self.shelves - 1)]
        if let known = shelf.known.withLock({ $0[principal.index] }), known.principal === principal {
            return known.scope
        }
        let scope = makeScope(of: principal)
        shelf.known.withLock { known in
            if known.count >= Self.shelfSize { known = [:] }
            known[principal.index] = Known(principal: principal, scope: scope)
        }
        return scope
    }

    private func makeScope(of principal: Principal) -> LimitScope? {
        let named = settings.perPrincipal[principal.alias] ?? settings.perPrincipal[principal.keyHash]
        return LimitScope(
            named ?? settings.defaultPrincipal, id: "key:\(principal.keyHash)",
            title: "api_key: \(principal.keyHash.isEmpty ? "none" : principal.keyHash)",
            board: board)
    }
}
