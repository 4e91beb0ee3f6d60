/// A grant while it is made; its members are explained there.
package struct GrantDraft: Sendable {
    package var role: Role = Role.unknown
    package var userID: String?
    package var userEmail: String?
    package var teamID: String?
    package var teamAlias: String?
    package var organizationID: String?
    package var endUserID: String?
    package var expires: UInt64?
    package var retiresAt: UInt64?
    package var keyName: String = ""
    package var blocked: GatewayFault?
    package var models: [ModelRights] = []
    package var routes: RouteRights?
    package var aliases: [String: String] = [:]
    package var keyAliases: Set<String> = []
    package var limits: [LimitGrant] = []
    package var tags: [String] = []
    package var maxBudget: Money?
    package var requiredParams: [String] = []
    package var defaultModel: String?
    package var region: String?

    package init() {}
}
