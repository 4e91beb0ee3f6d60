import ArgumentParser
import WeirCore
import WeirWire

/// Options put together as a request, those that were not given left out. Numbers go as they were written: the API checks
/// them and says what is wrong.
struct RequestBody {
    private(set) var object = JSONObject()

    mutating func set(_ name: String, _ text: String?) { object[name] = text.map { .string($0) } }
    mutating func set(_ name: String, _ flag: Bool?) { object[name] = flag.map { .bool($0) } }

    /// Names with commas between them.
    mutating func set(_ name: String, list: String?) {
        object[name] = list.map { .strings(Self.list($0)) }
    }

    mutating func set(_ name: String, list: [String]) {
        if !list.isEmpty { object[name] = .strings(list) }
    }

    mutating func set(_ name: String, value: JSONValue) { object[name] = value }

    /// A JSON object.
    mutating func set(_ name: String, json: String?) throws {
        guard let json else { return }
        do { object[name] = .object(try JSONObject(reading: json)) } catch {
            throw ValidationError("--\(name) must be a JSON object such as '{\"a\": 1}': \(error)")
        }
    }

    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { part in
            var part = part
            while part.first == " " { part.removeFirst() }
            while part.last == " " { part.removeLast() }
            return String(part)
        }.filter { !$0.isEmpty }
    }
}

/// The options that keys, users and teams have in common.
struct LimitOptions: ParsableArguments {
    @Option(help: "Models that may be called, with commas between them (default: all).")
    var models: String?

    @Option(help: "Dollars that may be spent.")
    var maxBudget: String?

    @Option(help: "After this time what was spent is forgotten: 24h, 7d, 1mo.")
    var budgetDuration: String?

    @Option(help: "Requests in any minute.")
    var rpm: String?

    @Option(help: "Tokens in any minute.")
    var tpm: String?

    @Option(help: "Requests at once.")
    var parallel: String?

    @Option(help: "Anything else, as a JSON object.")
    var metadata: String?

    func fill(_ body: inout RequestBody) throws {
        body.set("models", list: models)
        body.set("max_budget", maxBudget)
        body.set("budget_duration", budgetDuration)
        body.set("rpm_limit", rpm)
        body.set("tpm_limit", tpm)
        body.set("max_parallel_requests", parallel)
        try body.set("metadata", json: metadata)
    }
}

/// Which page of a list.
struct PageOptions: ParsableArguments {
    @Option(help: "The page, from 1.")
    var page = 1

    @Option(help: "Rows of a page.")
    var size = 50

    func validate() throws {
        guard (1...1_000_000).contains(page) else { throw ValidationError("--page must be 1 or more") }
        guard (1...100).contains(size) else { throw ValidationError("--size must be between 1 and 100") }
    }

    func query(_ size: String = "page_size") -> [(name: String, value: String)] {
        [("page", String(page)), (size, String(self.size))]
    }

    /// `12 of 345, page 1 of 7`.
    func footer(shown: Int, _ answer: JSONObject, pages: String = "total_pages", total: String = "total") -> String {
        guard let total = answer.int(total) else { return "" }
        let pages = max(answer.int(pages) ?? 1, 1)
        return "  \(shown) of \(total)\(pages > 1 ? ", page \(page) of \(pages)" : "")\n"
    }
}
