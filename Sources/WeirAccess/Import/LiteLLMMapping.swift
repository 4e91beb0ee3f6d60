import WeirCore
import WeirWire

/// Makes entities and memberships of LiteLLM's rows. Decides on values alone.
struct LiteLLMMapping: Sendable {
    /// Who is noted as the last to change what was imported: what anybody else changed since is left as it is.
    static let author = "import"
    /// The team of the keys that LiteLLM makes for people who log in to its pages; they live for a day.
    static let sessionTeam = "litellm-dashboard"

    let seal: LiteLLMSeal
    /// Microseconds since 1970 UTC: for rows without a time.
    let now: Int64

    /// Nil for what is not taken over, with the reason.
    enum Mapped {
        case item(ImportItem)
        case skipped(String)
    }

    func map(_ columns: JSONObject, of table: LiteLLMTable) throws(ImportFault) -> Mapped {
        var row = LiteLLMRow(table, columns)
        switch table {
        case .teamMemberships: return .item(try place(row))
        case .organizationMemberships: return .item(try organizationMember(&row))
        case .keys where columns.string("team_id") == Self.sessionTeam:
            return .skipped("a session of LiteLLM's admin pages")
        case .keys: return .item(try key(&row))
        case .retiredKeys: return .item(try retiredKey(&row))
        case .models: return .item(try model(&row))
        case .credentials: return .item(try credential(&row))
        case .users: return .item(try user(&row))
        case .budgets, .organizations, .teams, .customers, .tags, .accessGroups:
            let id = try row.required(table.primaryKey[0])
            return .item(try item(&row, id: id))
        }
    }

    /// Who belongs to a team, as its row tells: `members_with_roles`, or the older lists.
    func members(of columns: JSONObject) -> [ImportItem] {
        guard let team = columns.string("team_id") else { return [] }
        var roles: [String: String] = [:]
        var order: [String] = []
        func add(_ user: String?, _ role: String) {
            guard let user, !user.isEmpty else { return }
            if roles[user] == nil { order.append(user) }
            if roles[user] != "admin" { roles[user] = role }
        }
        let listed = Self.list(columns.value("members_with_roles"))
        for entry in listed.compactMap(\.object) {
            add(entry.string("user_id"), entry.string("role") == "admin" ? "admin" : "user")
        }
        if listed.isEmpty {
            for user in columns.strings("admins") { add(user, "admin") }
            for user in columns.strings("members") { add(user, "user") }
        }
        return order.map { user in
            let role = Membership(owner: .team, ownerID: team, userID: user, role: roles[user] ?? "user")
            return ImportItem(label: "\(user) in \(team)", content: .role(role))
        }
    }

    /// Of the members of a team who are named by nothing else.
    func emails(_ columns: JSONObject) -> [String] {
        Self.list(columns.value("members_with_roles")).compactMap(\.object).filter {
            ($0.string("user_id") ?? "").isEmpty
        }
        .compactMap { $0.string("user_email").map(Self.email) }
    }

    /// As e-mails are kept and compared here: in lowercase, without blanks around them.
    private static func email(_ text: String) -> String {
        var text = Substring(text.lowercased())
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The row with `ids` put in for those e-mails.
    func named(_ columns: JSONObject, _ ids: [String: String]) -> JSONObject {
        var columns = columns
        let list = Self.list(columns.value("members_with_roles")).map { entry -> JSONValue in
            guard var member = entry.object, (member.string("user_id") ?? "").isEmpty,
                let id = member.string("user_email").flatMap({ ids[Self.email($0)] })
            else { return entry }
            member["user_id"] = .string(id)
            return .object(member)
        }
        columns["members_with_roles"] = .array(list)
        return columns
    }

    private static func list(_ value: JSONValue?) -> [JSONValue] {
        if case .string(let text)? = value, let object = try? JSONObject(reading: "{\"v\":\(text)}") {
            return object["v"]?.array ?? []
        }
        return value?.array ?? []
    }

    // MARK: Table by table

    private func key(_ row: inout LiteLLMRow) throws(ImportFault) -> ImportItem {
        let token = try row.required("token")
        let label = row.columns.string("key_alias") ?? row.columns.string("key_name")
        return try item(&row, id: try Self.hash(token), label: label)
    }

    private func retiredKey(_ row: inout LiteLLMRow) throws(ImportFault) -> ImportItem {
        let hash = try Self.hash(try row.required("token"))
        var document: JSONObject = ["active": .string(try Self.hash(try row.required("active_token_id")))]
        document = document.merging(try row.document())
        return try item(&row, id: hash, document: document)
    }

    private func user(_ row: inout LiteLLMRow) throws(ImportFault) -> ImportItem {
        let id = try row.required("user_id")
        var document = try row.document()
        if let email = document.string("user_email") { document["user_email"] = .string(Self.email(email)) }
        if let role = document.string("user_role"), Role(rawValue: role) == nil {
            row.note("its user_role '\(role)' is not known and was left out: such a user may do nothing")
            document["user_role"] = nil
        }
        return try item(&row, id: id, document: document)
    }

    private func model(_ row: inout LiteLLMRow) throws(ImportFault) -> ImportItem {
        let id = try row.required("model_id")
        let name = try row.required("model_name")
        var document = try row.document()
        let params = try opened(document.object("litellm_params"), telling: "model", "litellm_params")
        document["litellm_params"] = .object(params)
        if let team = document.object("model_info")?.string("team_id"), !team.isEmpty {
            document["team_id"] = .string(team)
        }
        return try item(&row, id: id, label: "\(name) (\(id))", document: document)
    }

    private func credential(_ row: inout LiteLLMRow) throws(ImportFault) -> ImportItem {
        let name = try row.required("credential_name")
        var document = try row.document()
        let values = try opened(document.object("credential_values"), telling: nil, "credential_values")
        document["credential_values"] = .object(values)
        return try item(&row, id: name, document: document)
    }

    private func place(_ row: LiteLLMRow) throws(ImportFault) -> ImportItem {
        try membership(row, .team, "team_id", role: "user") { .place($0) }
    }

    private func organizationMember(_ row: inout LiteLLMRow) throws(ImportFault) -> ImportItem {
        var role = row.columns.string("user_role") ?? Role.internalUser.rawValue
        if Role(rawValue: role) == nil {
            row.note("its user_role '\(role)' is not known; internal_user_viewer, which changes nothing, was taken")
            role = Role.internalUserViewer.rawValue
        }
        return try membership(row, .organization, "organization_id", role: role) { .membership($0) }
    }

    private func membership(
        _ row: LiteLLMRow, _ owner: Membership.Owner, _ column: String, role: String,
        _ content: (Membership) -> ImportItem.Content
    ) throws(ImportFault) -> ImportItem {
        var row = row
        let (id, user) = (try row.required(column), try row.required("user_id"))
        let membership = Membership(
            owner: owner, ownerID: id, userID: user, role: role, document: try row.document(), spend: try row.spend())
        return ImportItem(label: "\(user) in \(id)", content: content(membership), notes: row.notes)
    }

    private func item(
        _ row: inout LiteLLMRow, id: String, label: String? = nil, document: JSONObject? = nil
    ) throws(ImportFault) -> ImportItem {
        guard let kind = row.table.kind else { throw ImportFault("it belongs to no kind") }
        let filled = if let document { document } else { try row.document() }
        let created = try row.moment("created_at") ?? now
        let entity = Entity(
            kind: kind, id: id, document: filled, spend: try row.spend(), createdAt: created,
            updatedAt: try row.moment("updated_at") ?? created, createdBy: row.columns.string("created_by") ?? "",
            updatedBy: Self.author)
        return ImportItem(label: label ?? id, content: .entity(entity), notes: row.notes)
    }

    // MARK: Keys and secrets

    /// The SHA-256 in lowercase hex. Rows of the oldest versions hold the key itself.
    private static func hash(_ token: String) throws(ImportFault) -> String {
        if token.hasPrefix("sk-") { return KeyDigest(of: Secret(token)).hex }
        let isHash =
            token.utf8.count == 64 && token.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard isHash else { throw ImportFault("its token is no SHA-256 in hexadecimal digits") }
        return token
    }

    /// The members with what was sealed in them opened. LiteLLM seals every text of such an object or none: when the
    /// member `telling` is plain, so are those that merely look sealed.
    private func opened(
        _ object: JSONObject?, telling: String?, _ name: String
    ) throws(ImportFault) -> JSONObject {
        guard let object else { throw ImportFault("its \(name) is no object") }
        var values = JSONObject()
        var closed: [String] = []
        var isPlain = false
        for member in object.members where !member.value.isNull {
            values[member.name] = member.value
            guard let text = member.value.string else { continue }
            switch seal.read(text) {
            case .plain: if member.name == telling { isPlain = true }
            case .opened(let secret): values[member.name] = .string(secret.revealed())
            case .closed: closed.append(member.name)
            }
        }
        guard closed.isEmpty || isPlain else {
            let sealed = closed.map { "\(name).\($0)" }.joined(separator: ", ")
            throw ImportFault(
                seal.isEmpty
                    ? "\(sealed): sealed, and there is no salt key; set LITELLM_SALT_KEY, or name its variable with --salt-key"
                    : "\(sealed): sealed with another key than LITELLM_SALT_KEY (or --salt-key) gives, or damaged")
        }
        return values
    }
}
