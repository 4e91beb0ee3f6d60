import ArgumentParser
import WeirCore

/// `weir users`
struct UserCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "The people who have keys.",
        subcommands: [Create.self, List.self, Show.self, Delete.self])

    /// `weir users create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a user.")

        @Option(help: "His id (default: made up).")
        var id: String?

        @Option(help: "His e-mail.")
        var email: String?

        @Option(help: "A name for people.")
        var alias: String?

        @Option(help: "proxy_admin, proxy_admin_viewer, internal_user (default) or internal_user_viewer.")
        var role = "internal_user"

        @Option(help: "A team that he becomes a member of; may be given more than once.")
        var team: [String] = []

        @Flag(help: "Make a key for him as well.")
        var withKey = false

        @OptionGroup var limits: LimitOptions
        @OptionGroup var options: DeskOptions

        func run() async throws {
            var body = RequestBody()
            body.set("user_id", id)
            body.set("user_email", email)
            body.set("user_alias", alias)
            body.set("user_role", role)
            body.set("teams", list: team)
            body.set("auto_create_key", withKey)
            try limits.fill(&body)
            let request = body.object
            try await options.with { desk in
                let answer = try await desk.post("/user/new", request)
                DeskTable.show(answer, json: options.json) {
                    let object = answer.object ?? JSONObject()
                    var shown = JSONObject()
                    for name in ["user_id", "user_email", "user_alias", "user_role", "models", "max_budget", "key"] {
                        if let value = object.value(name) { shown[name] = value }
                    }
                    let hint = shown["key"] == nil ? "" : "  Keep the key now: only its hash is stored.\n"
                    return DeskTable.text(shown) + hint
                }
            }
        }
    }

    /// `weir users list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List users.")

        @Option(help: "Users with this role.")
        var role: String?

        @Option(help: "A part of an id or e-mail.")
        var search: String?

        @Option(help: "Members of this team.")
        var team: String?

        @OptionGroup var pages: PageOptions
        @OptionGroup var options: DeskOptions

        func run() async throws {
            var query = pages.query()
            if let role { query.append(("role", role)) }
            if let search { query.append(("search", search)) }
            if let team { query.append(("team", team)) }
            let asked = query
            try await options.with { desk in
                let answer = try await desk.get("/user/list", asked)
                DeskTable.show(answer, json: options.json) {
                    let object = answer.object ?? JSONObject()
                    let rows = (object["users"]?.array ?? []).compactMap(\.object)
                    return DeskTable.text(
                        rows,
                        [
                            .init("id", "user_id"), .init("e-mail", "user_email"), .init("alias", "user_alias"),
                            .init("role", "user_role"), .init("keys", "key_count"), .init("models", "models"),
                            .init("spend $", "spend"), .init("budget $", "max_budget"),
                        ]) + pages.footer(shown: rows.count, object)
                }
            }
        }
    }

    /// `weir users show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a user, and his keys.")

        @Argument(help: "The user's id.")
        var id: String

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                let answer = try await desk.get("/user/info", [("user_id", id)])
                DeskTable.show(answer, json: options.json) {
                    let object = answer.object ?? JSONObject()
                    let keys = (object["keys"]?.array ?? []).compactMap(\.object)
                    let user = DeskTable.text(object.object("user_info") ?? JSONObject())
                    return keys.isEmpty ? user : user + "\n" + DeskTable.text(keys, KeyText.columns)
                }
            }
        }
    }

    /// `weir users delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete users, their keys and memberships.")

        @Argument(help: "The users' ids.")
        var ids: [String]

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                let answer = try await desk.post("/user/delete", ["user_ids": .strings(ids)])
                DeskTable.show(answer, json: options.json) { "\(ids.count) deleted\n" }
            }
        }
    }
}
