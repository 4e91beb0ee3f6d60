import WeirCore

/// Which page of a list is wanted.
struct Pages {
    static let fields: [FormField] = [
        .init("page", .count, "From 1."),
        .init("page_size", .count, "Entries of a page."),
    ]

    let page: Int
    let size: Int

    /// Reads `page` and `page_size` from a query. Throws 400 outside 1…10⁹ and 1…`limit`.
    init(_ query: [String: String], standard: Int, limit: Int = 100) throws(OfficeFault) {
        page = query["page"].flatMap { Int($0) } ?? 1
        size = query["page_size"].flatMap { Int($0) } ?? standard
        guard (1...1_000_000_000).contains(page) else { throw .bad("page must be 1 or more.", "page") }
        guard (1...limit).contains(size) else { throw .bad("page_size must be from 1 to \(limit).", "page_size") }
    }

    /// How many pages `total` entries fill.
    func count(of total: Int) -> Int { (total + size - 1) / size }

    func apply(to query: inout EntityQuery) {
        query.page = page
        query.size = size
    }
}
