import ArgumentParser
import WeirCore

/// `weir audit`
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Who changed what, when and from where, the latest first.")

    @Option(help: "Changes by this user.")
    var by: String?

    @Option(help: "created, updated, deleted, blocked, unblocked, rotated or imported.")
    var action: String?

    @Option(help: "LiteLLM's name of a table, such as LiteLLM_VerificationToken.")
    var table: String?

    @Option(help: "What was changed: an id, or the hash of a key.")
    var object: String?

    @Option(help: "From this moment, such as 2027-01-31T12:00:00Z.")
    var from: String?

    @Option(help: "To this moment.")
    var to: String?

    @OptionGroup var pages: PageOptions
    @OptionGroup var options: DeskOptions

    func run() async throws {
        var query = pages.query()
        if let by { query.append(("changed_by", by)) }
        if let action { query.append(("action", action)) }
        if let table { query.append(("table_name", table)) }
        if let object { query.append(("object_id", object)) }
        if let from { query.append(("start_date", from)) }
        if let to { query.append(("end_date", to)) }
        let asked = query
        try await options.with { desk in
            let answer = try await desk.get("/audit", asked)
            DeskTable.show(answer, json: options.json) {
                let object = answer.object ?? JSONObject()
                let rows = (object["audit_logs"]?.array ?? []).compactMap(\.object)
                return DeskTable.text(
                    rows,
                    [
                        .init("when", "updated_at"), .init("who", "changed_by"), .init("from", "changed_from"),
                        .init("did", "action"), .init("to", "table_name"), .init("object", "object_id"),
                    ]) + pages.footer(shown: rows.count, object)
            }
        }
    }
}
