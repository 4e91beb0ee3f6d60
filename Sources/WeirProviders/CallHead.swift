import NIOCore
import WeirCore
import WeirWire

/// The head of one operation's requests, as far as it is the same for all of them.
struct CallHead: Sendable {
    let address: UpstreamAddress
    /// Request line and fields. Where the path names the model of a wildcard, the part before and after it.
    let fixed: Bytes
    private let rest: Bytes?

    init(
        _ vendor: CompatibleVendor, _ base: BaseURL, _ prefix: String, _ operation: Operation, _ model: String,
        _ settings: ProviderSettings
    ) {
        address = base.address
        let target = Self.target(vendor, base, prefix, operation, model, settings.apiVersion)
        var fields = " HTTP/1.1\r\nhost: \(base.address.authority)\r\naccept-encoding: identity\r\n"
        fields += Self.fields(settings, vendor)
        if vendor.addressForm == .azure, let star = target.firstIndex(of: "*") {
            fixed = Bytes(string: "POST " + target[..<star])
            rest = Bytes(string: target[target.index(after: star)...] + fields)
        } else {
            fixed = Bytes(string: "POST " + target + fields)
            rest = nil
        }
    }

    /// The lines that show who we are, and those the configuration adds.
    private static func fields(_ settings: ProviderSettings, _ vendor: CompatibleVendor) -> String {
        var fields = ""
        if let key = settings.key, !key.isEmpty {
            switch vendor.keyForm {
            case .bearer: fields += "authorization: Bearer \(key.revealed())\r\n"
            case .apiKeyField: fields += "api-key: \(key.revealed())\r\n"
            }
        }
        if let organization = settings.organization { fields += "openai-organization: \(organization)\r\n" }
        for field in settings.extraFields { fields += "\(field.name.lowercased()): \(field.value.revealed())\r\n" }
        if !settings.extraFields.contains(where: { $0.name.lowercased() == "user-agent" }) {
            fields += "user-agent: weir\r\n"
        }
        return fields
    }

    /// A whole request that asks for `path`; with the key when `settings` are given.
    static func question(
        _ path: String, _ address: UpstreamAddress, _ settings: ProviderSettings?, _ vendor: CompatibleVendor
    ) -> Bytes {
        let fields = settings.map { Self.fields($0, vendor) } ?? ""
        return Bytes(
            string: "GET \(path) HTTP/1.1\r\nhost: \(address.authority)\r\naccept-encoding: identity\r\n\(fields)\r\n")
    }

    func write(into message: inout HeadWriter, model: String?) {
        message.buffer(fixed)
        guard let rest else { return }
        message.text(PercentText.encoded(model ?? ""))
        message.buffer(rest)
    }

    private static func target(
        _ vendor: CompatibleVendor, _ base: BaseURL, _ prefix: String, _ operation: Operation, _ model: String,
        _ version: String?
    ) -> String {
        let query = base.query.isEmpty ? "" : "?\(base.query)"
        guard vendor.addressForm == .azure else { return prefix + operation.path + query }
        var root = prefix
        for suffix in ["/openai/v1", "/openai"] where root.hasSuffix(suffix) {
            root.removeLast(suffix.count)
            break
        }
        let version = version ?? AzureVersion.standard
        if AzureVersion.isUndated(version) || prefix.hasSuffix("/openai/v1") || operation == .responses {
            let preview = version == "preview" ? "?api-version=preview" : ""
            return root + "/openai/v1" + operation.path + preview
        }
        let deployment = model.contains("*") ? "*" : PercentText.encoded(model)
        return root + "/openai/deployments/" + deployment + operation.path + "?api-version=" + version
    }
}

/// Azure OpenAI's `api-version`.
enum AzureVersion {
    /// The newest dated version that is not a preview.
    static let standard = "2024-10-21"

    /// Versions for which the undated path `/openai/v1` is used.
    static func isUndated(_ version: String) -> Bool { ["v1", "latest", "preview"].contains(version) }
}
