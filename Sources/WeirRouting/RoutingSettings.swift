/// What the configuration says about names and choice.
package struct RoutingSettings: Sendable {
    /// A request that carries this header, with this value if one is given, goes to `model`, whatever it asked for.
    package struct HeaderRule: Sendable {
        /// Lower case.
        package let header: String
        package let value: String?
        package let model: String

        package init(header: String, value: String?, model: String) {
            self.header = header
            self.value = value
            self.model = model
        }
    }

    /// Another name for a group. Hidden ones are not listed.
    package struct Alias: Sendable {
        package let group: String
        package let isHidden: Bool

        package init(group: String, isHidden: Bool = false) {
            self.group = group
            self.isHidden = isHidden
        }
    }

    package var aliases: [String: Alias]
    package var headerRules: [HeaderRule]

    package init(aliases: [String: Alias] = [:], headerRules: [HeaderRule] = []) {
        self.aliases = aliases
        self.headerRules = headerRules
    }
}
