/// What somebody is to the gateway; the names are LiteLLM's `user_role`.
package enum Role: String, Sendable, CaseIterable {
    /// May everything.
    case proxyAdmin = "proxy_admin"
    /// May see everything and change nothing.
    case proxyAdminViewer = "proxy_admin_viewer"
    /// May manage the organisations that he is an admin of.
    case orgAdmin = "org_admin"
    /// May make and manage keys of his own, and call models.
    case internalUser = "internal_user"
    /// May see what is his, and call models.
    case internalUserViewer = "internal_user_viewer"
    /// A team, as a token of an identity provider may stand for one.
    case team
    /// A customer of the one who runs the gateway.
    case customer
    /// A key that belongs to no user: calls models, and sees itself.
    case unknown
}

/// A set of roles.
package struct RoleSet: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package init(_ role: Role) { self.init(rawValue: 1 << UInt16(Role.allCases.firstIndex(of: role) ?? 15)) }

    package static let proxyAdmin = RoleSet(.proxyAdmin)
    package static let proxyAdminViewer = RoleSet(.proxyAdminViewer)
    package static let orgAdmin = RoleSet(.orgAdmin)
    package static let internalUser = RoleSet(.internalUser)
    package static let internalUserViewer = RoleSet(.internalUserViewer)

    /// Who may see all that there is.
    package static let overseers: RoleSet = [.proxyAdmin, .proxyAdminViewer]
    /// Who may look at something, if only at what is his.
    package static let readers: RoleSet = [.overseers, .orgAdmin, .internalUser, .internalUserViewer]
    /// Who may change something, if only what is his or his team's.
    package static let writers: RoleSet = [.proxyAdmin, .orgAdmin, .internalUser]
    package static let everybody = RoleSet(rawValue: (1 << UInt16(Role.allCases.count)) - 1)

    package func contains(_ role: Role) -> Bool { contains(RoleSet(role)) }
}
