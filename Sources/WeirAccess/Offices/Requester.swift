package import WeirCore

/// Who asks an office for something.
package struct Requester: Sendable {
    package let role: Role
    /// `default_user_id` for the master key; nil for a key without a user.
    package let userID: String?
    package let teamID: String?
    package let organizationID: String?
    package let keyHash: String
    /// Where he asks from.
    package let address: String
    /// `litellm-changed-by`: on whose behalf an admin acts, for the audit.
    package let onBehalfOf: String?

    package init(
        role: Role, userID: String?, teamID: String? = nil, organizationID: String? = nil, keyHash: String,
        address: String, onBehalfOf: String? = nil
    ) {
        self.role = role
        self.userID = userID
        self.teamID = teamID
        self.organizationID = organizationID
        self.keyHash = keyHash
        self.address = address
        self.onBehalfOf = onBehalfOf
    }

    package init(_ principal: Principal, address: String, onBehalfOf: String?) {
        let grant = principal.grant
        self.init(
            role: principal.role, userID: principal.isAdmin ? grant?.userID ?? "default_user_id" : grant?.userID,
            teamID: grant?.teamID, organizationID: grant?.organizationID, keyHash: principal.keyHash,
            address: address, onBehalfOf: principal.isAdmin ? onBehalfOf : nil)
    }

    package var isAdmin: Bool { role == .proxyAdmin }
    /// May see everything.
    package var oversees: Bool { role == .proxyAdmin || role == .proxyAdminViewer }
    /// As `created_by` and the audit name him.
    package var name: String { onBehalfOf ?? userID ?? "" }
}

/// A management request, free of HTTP: filled in, with who asks.
package struct OfficeRequest: Sendable {
    package let requester: Requester
    /// Checked against the route's form, unknown members taken out.
    package let body: JSONObject
    /// The first value of each; checked against the route's form, as strings.
    package let query: [String: String]
    /// The parts of the path that the route names.
    package let path: [String: String]

    package init(
        requester: Requester, body: JSONObject = JSONObject(), query: [String: String] = [:],
        path: [String: String] = [:]
    ) {
        self.requester = requester
        self.body = body
        self.query = query
        self.path = path
    }
}

/// What an office answers.
package struct OfficeAnswer: Sendable {
    package let status: Int
    package let value: JSONValue

    package init(_ value: JSONValue, status: Int = 200) {
        self.status = status
        self.value = value
    }

    package init(_ object: JSONObject, status: Int = 200) { self.init(.object(object), status: status) }
}
