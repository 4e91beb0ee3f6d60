import WeirCore

/// Names of deployments for people: the id where the configuration gives one, otherwise the model's name, with a number
/// where a model has several deployments.
struct DeploymentLabels: Sendable {
    /// By `Deployment.index`.
    let all: [String]
    private let deployments: [Deployment]

    init(_ deployments: [Deployment]) {
        let sizes = Dictionary(deployments.map { ($0.group, 1) }, uniquingKeysWith: +)
        var places: [String: Int] = [:]
        var taken: Set<String> = []
        self.deployments = deployments
        all = deployments.map { deployment in
            places[deployment.group, default: 0] += 1
            let place = places[deployment.group] ?? 1
            let numbered = sizes[deployment.group] == 1 ? deployment.group : "\(deployment.group)#\(place)"
            let label = Self.isDigest(deployment.id) ? numbered : deployment.id
            if taken.insert(label).inserted { return label }
            return "\(deployment.group)#\(place)"
        }
    }

    subscript(_ deployment: Deployment) -> String { all[deployment.index] }

    /// The indices of what `name` stands for: `*`, a label, an id, a model's name (all its deployments), `vendor/model`,
    /// or an address.
    func indices(named name: String) -> [Int] {
        if name == "*" { return Array(all.indices) }
        if let exact = all.firstIndex(of: name) ?? deployments.firstIndex(where: { $0.id == name }) { return [exact] }
        return deployments.indices.filter { index in
            let deployment = deployments[index]
            return deployment.group == name || "\(deployment.vendor)/\(deployment.upstreamModel)" == name
                || deployment.apiBase == name
        }
    }

    /// The id that a deployment gets when nobody named it: a digest in hex.
    private static func isDigest(_ id: String) -> Bool {
        id.utf8.count == 64
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
    }
}
