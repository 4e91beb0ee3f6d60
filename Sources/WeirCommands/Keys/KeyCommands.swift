import ArgumentParser
import WeirCore

/// `weir keys`
struct KeyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Virtual keys: who may call what.",
        discussion: """
            Asks a running Weir (--url, WEIR_URL) with an admin's key (--key, WEIR_API_KEY, LITELLM_MASTER_KEY), or goes to \
            the store itself (--store, --data-dir).
            KEY is a key (sk-…), its hash, or its alias.
            """,
        subcommands: [
            Create.self, List.self, Show.self, Block.self, Unblock.self, Regenerate.self, Delete.self,
        ])

    /// `weir keys create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key; it is shown this once only.")

        @Option(help: "A name for people.")
        var alias: String?

        @Option(help: "The user whose key it is.")
        var user: String?

        @Option(help: "The team that it belongs to.")
        var team: String?

        @Option(help: "How long it lives: 30m, 12h, 30d, 1mo (default: for ever).")
        var duration: String?

        @Option(help: "Tags that go with its requests, with commas between them.")
        var tags: String?

        @OptionGroup var limits: LimitOptions
        @OptionGroup var options: DeskOptions

        func run() async throws {
            var body = RequestBody()
            body.set("key_alias", alias)
            body.set("user_id", user)
            body.set("team_id", team)
            body.set("duration", duration)
            body.set("tags", list: tags)
            try limits.fill(&body)
            let request = body.object
            try await options.with { desk in
                let answer = try await desk.post("/key/generate", request)
                DeskTable.show(answer, json: options.json) { KeyText.made(answer) }
            }
        }
    }

    /// `weir keys list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List keys, the newest first.")

        @Option(help: "Keys of this user.")
        var user: String?

        @Option(help: "Keys of this team.")
        var team: String?

        @Option(help: "A part of the alias or of the hash.")
        var search: String?

        @Option(help: "active, blocked, expired or deleted.")
        var status: String?

        @OptionGroup var pages: PageOptions
        @OptionGroup var options: DeskOptions

        func run() async throws {
            var query = pages.query("size") + [("return_full_object", "true")]
            if let user { query.append(("user_id", user)) }
            if let team { query.append(("team_id", team)) }
            if let search { query.append(("search", search)) }
            if let status { query.append(("status", status)) }
            let asked = query
            try await options.with { desk in
                let answer = try await desk.get("/key/list", asked)
                DeskTable.show(answer, json: options.json) {
                    let object = answer.object ?? JSONObject()
                    let rows = (object["keys"]?.array ?? []).compactMap(\.object)
                    return DeskTable.text(rows, KeyText.columns)
                        + pages.footer(shown: rows.count, object, total: "total_count")
                }
            }
        }
    }

    /// `weir keys show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show all that is known of a key.")

        @Argument(help: "The key, its hash or its alias.")
        var name: String

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                let key = try await KeyName.resolved(name, desk)
                let answer = try await desk.get("/key/info", [("key", key)])
                DeskTable.show(answer, json: options.json) {
                    DeskTable.text(answer.object?.object("info") ?? JSONObject())
                }
            }
        }
    }

    /// `weir keys block`
    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse a key's calls, until it is unblocked.")

        @Argument(help: "The key, its hash or its alias.")
        var name: String

        @OptionGroup var options: DeskOptions

        func run() async throws { try await KeyText.change(name, "/key/block", "is blocked", options) }
    }

    /// `weir keys unblock`
    struct Unblock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a blocked key in again.")

        @Argument(help: "The key, its hash or its alias.")
        var name: String

        @OptionGroup var options: DeskOptions

        func run() async throws { try await KeyText.change(name, "/key/unblock", "is let in again", options) }
    }

    /// `weir keys regenerate`
    struct Regenerate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace a key by a new one with the same rights; it is shown this once only.")

        @Argument(help: "The key, its hash or its alias.")
        var name: String

        @Option(help: "How long the old key goes on working: 24h (default: not at all).")
        var grace: String?

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                var body = RequestBody()
                body.set("key", try await KeyName.resolved(name, desk))
                body.set("grace_period", grace)
                let answer = try await desk.post("/key/regenerate", body.object)
                DeskTable.show(answer, json: options.json) { KeyText.made(answer) }
            }
        }
    }

    /// `weir keys delete`
    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete keys for good.")

        @Argument(help: "Keys, their hashes or their aliases.")
        var names: [String]

        @OptionGroup var options: DeskOptions

        func run() async throws {
            try await options.with { desk in
                var keys: [String] = []
                for name in names { keys.append(try await KeyName.resolved(name, desk)) }
                let answer = try await desk.post("/key/delete", ["keys": .strings(keys)])
                DeskTable.show(answer, json: options.json) { "\(keys.count) deleted\n" }
            }
        }
    }
}
