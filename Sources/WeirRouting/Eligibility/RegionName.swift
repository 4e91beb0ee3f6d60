/// Where a deployment runs, compared as generously as people write it.
enum RegionName {
    /// `eu` covers `eu`, `eu-west-1` and `europe-west4`; otherwise a region covers itself and what goes on after a dash. A
    /// deployment that does not say where it runs is in none.
    static func covers(_ wanted: String, _ region: String?) -> Bool {
        guard let region = region?.lowercased() else { return false }
        let wanted = wanted.lowercased()
        if region == wanted || region.hasPrefix(wanted + "-") { return true }
        return wanted == "eu" && region.hasPrefix("europe")
    }
}
