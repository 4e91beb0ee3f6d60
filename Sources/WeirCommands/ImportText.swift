import WeirAccess
import WeirServer

/// The report of an import as people read it.
enum ImportText {
    static func text(_ report: ImportReport, to title: String) -> String {
        var table = TextTable(["table", "read", "new", "updated", "equal", "kept", "left out", "failed"])
        for tally in report.tallies {
            table.add(
                [tally.table]
                    + [tally.read, tally.new, tally.updated, tally.equal, tally.kept, tally.skipped, tally.failed].map {
                        String($0)
                    })
        }
        var text = table.text
        if !report.missing.isEmpty { text += "  not in the source: \(report.missing.joined(separator: ", "))\n" }
        for problem in report.problems {
            let word = problem.isFailure ? "failed" : "note"
            text += "\(word): \(problem.table), \(problem.row): \(problem.sentence)\n"
        }
        if report.untold > 0 { text += "\(report.untold) more are not told\n" }
        if report.tallies.contains(where: { $0.kept > 0 }) {
            text += "kept: changed in Weir since an earlier import, so left as it is there\n"
        }
        text += report.isDryRun ? "a dry run: nothing was written to \(title)\n" : "written to \(title)\n"
        return text
    }
}
