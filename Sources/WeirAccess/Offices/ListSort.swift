import WeirCore

/// `sort_by` and `sort_order` of a list.
struct ListSort: Sendable {
    let order: EntityQuery.Order
    let descends: Bool

    /// `columns` are the words for `sort_by`. Without it the newest come first; with it `standard` says which way, where the
    /// query does not. Throws 400 for other words.
    init(
        _ query: [String: String], _ columns: KeyValuePairs<String, EntityQuery.Order>, standard: String
    ) throws(OfficeFault) {
        let asked = query["sort_by"].flatMap { $0.isEmpty ? nil : $0 }
        guard let order = asked.map({ name in columns.first { $0.key == name }?.value }) ?? .createdAt else {
            throw .bad(
                "Invalid sort column. Must be one of: \(columns.map(\.key).joined(separator: ", "))", "sort_by")
        }
        self.order = order
        let way = (query["sort_order"] ?? (asked == nil ? "desc" : standard)).lowercased()
        guard ["asc", "desc"].contains(way) else {
            throw .bad("Invalid sort order. Must be 'asc' or 'desc'", "sort_order")
        }
        descends = way == "desc"
    }

    func apply(to query: inout EntityQuery) {
        query.order = order
        query.descends = descends
    }
}
