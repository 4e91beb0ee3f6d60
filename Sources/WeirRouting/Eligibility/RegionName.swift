/// Where a deployment runs, compared as generously as people write it.
enum RegionName {
    /// Regions of Azure that do not begin with the name of their part of the world (learn.microsoft.com, "Azure regions
    /// list").
    private static let parts: [String: Set<String>] = [
        "eu": [
            "westeurope", "northeurope", "francecentral", "francesouth", "germanywestcentral", "germanynorth",
            "italynorth", "polandcentral", "spaincentral", "swedencentral", "swedensouth", "austriaeast",
        ],
        "us": [
            "eastus", "eastus2", "westus", "westus2", "westus3", "centralus", "northcentralus", "southcentralus",
            "westcentralus",
        ],
    ]

    /// `eu` covers `eu`, `eu-west-1`, `europe-west4` and `westeurope`, `us` covers `us-east-1` and `eastus2`; otherwise a
    /// region covers itself and what goes on after a dash. A deployment that does not say where it runs is in none.
    static func covers(_ wanted: String, _ region: String?) -> Bool {
        guard let region = region?.lowercased() else { return false }
        let wanted = wanted.lowercased()
        if region == wanted || region.hasPrefix(wanted + "-") { return true }
        if wanted == "eu", region.hasPrefix("europe") { return true }
        return parts[wanted]?.contains(region) ?? false
    }
}
