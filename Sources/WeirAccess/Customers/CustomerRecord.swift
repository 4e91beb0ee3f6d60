import WeirCore

/// What the store has of a customer, and the budget that holds for him.
struct CustomerRecord {
    private let id: String
    private let customer: Entity?
    private let budget: Entity?
    private let defaultBudget: String?

    /// Nil when nothing is set for him: he is not in the store, and there is no default budget.
    init?(_ id: String, default defaultBudget: String?, _ session: any StoreSession) throws(StoreFault) {
        customer = LookupField.fits(id) ? try session.entity(.customers, id) : nil
        var budget: Entity?
        for name in [customer?.document.string("budget_id"), defaultBudget] where budget == nil {
            if let name { budget = try session.entity(.budgets, name) }
        }
        guard customer != nil || budget != nil else { return nil }
        (self.id, self.budget, self.defaultBudget) = (id, budget, defaultBudget)
    }

    /// In the form of a caller's, because the same things are asked of it.
    func principal(_ digest: KeyDigest, index: Int) -> Principal {
        var grant = GrantDraft()
        grant.role = .customer
        grant.endUserID = id
        if customer?.document.bool("blocked") == true {
            grant.blocked = GatewayFault(
                .customerBlocked, "User blocked from making LLM API Calls. User=\(shown)")
        }
        grant.models = models
        grant.limits = [limits(digest)].filter { !$0.isEmpty }
        grant.defaultModel = customer?.document.string("default_model").flatMap { $0.isEmpty ? nil : $0 }
        grant.region = customer?.document.string("allowed_model_region").flatMap { $0.isEmpty ? nil : $0 }
        return Principal(
            kind: .customer, keyHash: digest.hex, alias: customer?.document.string("alias") ?? "", index: index,
            grant: grant)
    }

    var references: GrantReferences {
        var references = GrantReferences()
        references.add(.customers, id)
        let named = customer?.document.string("budget_id")
        references.add(.budgets, named)
        if defaultBudget != named { references.add(.budgets, defaultBudget) }
        return references
    }

    private var shown: String { String(id.prefix(256)) }

    /// His own list, else that of his budget; none restricts nothing.
    private var models: [ModelRights] {
        for (document, name) in [(customer?.document, "models"), (budget?.document, "allowed_models")] {
            guard let document else { continue }
            // A list that cannot be read must not open what it was to close.
            guard let names = GrantBuilder.list(document, name) else {
                return [ModelRights(holder: .customer, names: [])]
            }
            if names.isEmpty { continue }
            return names.contains(GrantBuilder.allModels) ? [] : [ModelRights(holder: .customer, names: names)]
        }
        return []
    }

    /// Each customer has windows of his own, also those who share a budget. Named by a digest, for an id may be any text.
    private func limits(_ digest: KeyDigest) -> LimitGrant {
        LimitGrant(
            id: "end_user:\(digest.hex)", title: "end_user: \(shown)",
            requestsPerMinute: budget?.document.int("rpm_limit"), tokensPerMinute: budget?.document.int("tpm_limit"),
            parallel: budget?.document.int("max_parallel_requests"))
    }
}
