import ArgumentParser
import WeirCore

/// `weir teams`
struct TeamCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "teams", abstract: "Teams: people who share models, budgets and limits.",
        subcommands: [Create.self, List.self, Show.self, AddMember.self, Delete.self])

    /// `weir teams create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a team.")

        @Argument(help: "A name for people.")
        var alias: String

        @Option(help: "Its id (default: made up).")
        var id: String?

        @Option(help: "The organisation that it belongs to.")
        var organization: String?

        @OptionGroup var limits: LimitOptions
        @OptionGroup var options: DeskOptions

        func run() async throws {
            var body = RequestBody()
            body.set("team_alias", alias)
            body.set("team_id", id)
            body.set("organization_id", organization)
            try limits.fill(&body)
            let request = body.object
            try await options.with { desk in
                let answer = try await desk.post("/team/new", request)
                DeskTable.show(answer, json: options.json) {
                    let object = answer.object ?? JSONObject()
                    var shown = JSONObject()
                    for name in ["team_id", "team_alias", "organization_id", "models", "max_budget"] {
                        if let value = object.value(name) { shown[name] = value }
                    }
                    return DeskTable.text(shown)
                }
            }
        }
    }

    /// `weir teams list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List teams.")

        @Option(help: "Teams of this user.")
        var user: String?

        @Option(help: "Teams of this organisation.")
        var organization: String?

        @Option(help: "A part of an id or alias.")
        var search: String?

        @OptionGroup var pages: PageOptions
        @OptionGroup var options: DeskOptions

        func run() async throws {
            var query = pages.query()
            if let user { query.append(("user_id", user)) }
            if let organization { query.append(("organization_id", organization)) }
            if let search { query.append(("search", search)) }
            let asked = query
            try await options.with { desk in
                let answer = try await desk.get("/v2/team/list", asked)
                DeskTable.show(answer, json: options.json) {
                    let object = answer.object ?? JSONObject()
                    let rows = (object["teams"]?.array ?? []).compactMap(\.object)
                    return DeskTable.text(
                        rows,
                        [
                            .init("id", "team_id"), .init("alias", "team_alias"),
                            .init("organization", "organization_id"), .init("models", "models"),
                            .init("spend $", "spend"), .init("budget $", "max_budget"), .init("blocked", "blocked"),
                        ]) + pages.footer(shown: rows.count, object)
                }
            }
        }
    }

    /// `weir teams show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a team, its members and keys.")

        @Argument(help: "The team's id.")
        var id: String

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                let answer = try await desk.get("/team/info", [("team_id", id)])
                DeskTable.show(answer, json: options.json) { Self.text(answer.object ?? JSONObject()) }
            }
        }

        private static func text(_ answer: JSONObject) -> String {
            var team = answer.object("team_info") ?? JSONObject()
            let members = (team["members_with_roles"]?.array ?? []).compactMap(\.object)
            let keys = (answer["keys"]?.array ?? []).compactMap(\.object)
            team["members_with_roles"] = nil
            var text = DeskTable.text(team)
            if !members.isEmpty {
                text += "\n"
                text += DeskTable.text(
                    members, [.init("member", "user_id"), .init("e-mail", "user_email"), .init("role", "role")])
            }
            if !keys.isEmpty { text += "\n" + DeskTable.text(keys, KeyText.columns) }
            return text
        }
    }

    /// `weir teams add-member`
    struct AddMember: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-member", abstract: "Take a user into a team.")

        @Argument(help: "The team's id.")
        var team: String

        @Argument(help: "The user's id, or his e-mail.")
        var user: String

        @Option(help: "user or admin.")
        var role = "user"

        @Option(help: "Dollars that he may spend in the team.")
        var maxBudget: String?

        @OptionGroup var options: DeskOptions

        func run() async throws {
            var body = RequestBody()
            body.set("team_id", team)
            let name = user.contains("@") ? "user_email" : "user_id"
            body.set("member", value: ["role": .string(role), name: .string(user)])
            body.set("max_budget_in_team", maxBudget)
            let request = body.object
            try await options.with { desk in
                let answer = try await desk.post("/team/member_add", request)
                DeskTable.show(answer, json: options.json) { "\(user) is a member of \(team)\n" }
            }
        }
    }

    /// `weir teams delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete teams and their keys.")

        @Argument(help: "The teams' ids.")
        var ids: [String]

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                let answer = try await desk.post("/team/delete", ["team_ids": .strings(ids)])
                DeskTable.show(answer, json: options.json) { "\(ids.count) deleted\n" }
            }
        }
    }
}
