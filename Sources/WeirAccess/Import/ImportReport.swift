package import WeirCore

/// What became of LiteLLM's rows, table by table.
package struct ImportReport: Sendable {
    package struct Tally: Sendable, Hashable {
        /// LiteLLM's name of the table.
        package let table: String
        package var read = 0
        /// Was not here.
        package var new = 0
        /// Was changed at the source since an earlier import, and not here.
        package var updated = 0
        package var equal = 0
        /// Was changed here since an earlier import: left as it is.
        package var kept = 0
        /// Not meant to be taken over.
        package var skipped = 0
        /// Could not be taken over; `problems` says why.
        package var failed = 0

        package init(table: String) { self.table = table }
    }

    package struct Problem: Sendable, Hashable {
        package let table: String
        /// The row, as it may be shown.
        package let row: String
        package let sentence: String
        /// False for a row that was taken over with something changed or left out.
        package let isFailure: Bool
    }

    /// More sentences than these of one table are counted and not kept.
    package static let sentencesPerTable = 1000

    package let isDryRun: Bool
    package var tallies: [Tally] = []
    package private(set) var problems: [Problem] = []
    /// Problems that are not among `problems`.
    package private(set) var untold = 0
    /// Tables that the source does not have.
    package var missing: [String] = []

    package init(isDryRun: Bool) { self.isDryRun = isDryRun }

    package var failed: Int { tallies.reduce(0) { $0 + $1.failed } }

    mutating func add(_ problem: Problem) {
        let count = problems.lazy.filter { $0.table == problem.table }.count
        if count < Self.sentencesPerTable { problems.append(problem) } else { untold += 1 }
    }

    package var json: JSONObject {
        [
            "dry_run": .bool(isDryRun),
            "tables": .array(
                tallies.map { tally in
                    [
                        "table": .string(tally.table), "read": .int(tally.read), "new": .int(tally.new),
                        "updated": .int(tally.updated), "equal": .int(tally.equal), "kept": .int(tally.kept),
                        "skipped": .int(tally.skipped), "failed": .int(tally.failed),
                    ]
                }),
            "missing_tables": .strings(missing),
            "problems": .array(
                problems.map { problem in
                    [
                        "table": .string(problem.table), "row": .string(problem.row),
                        "message": .string(problem.sentence), "failed": .bool(problem.isFailure),
                    ]
                }),
            "untold_problems": .int(untold),
        ]
    }
}
