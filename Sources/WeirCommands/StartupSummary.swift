import WeirServer

/// What a person sees when Weir starts.
enum StartupSummary {
    static func text(_ summary: ServerSummary, version: String) -> String {
        let scheme = summary.isTLS ? "https" : "http"
        let shown = ["0.0.0.0", "::"].contains(summary.host) ? "127.0.0.1" : summary.host
        let interfaces = shown == summary.host ? "" : "  (all interfaces)"
        var lines = [
            "",
            "  weir \(version)",
            "",
            "  address   \(scheme)://\(shown):\(summary.port)/v1\(interfaces)",
            "  models    \(models(summary.models))",
            "  config    \(summary.configPath ?? "none: serving what was found on this machine")",
            "  store     \(summary.store ?? "none: set a master key to manage keys, users and teams")",
            "  loops     \(summary.loops)",
        ]
        if let port = summary.healthPort { lines.append("  probes    port \(port), besides the address above") }
        if let port = summary.metricsPort { lines.append("  metrics   port \(port), besides the address above") }
        lines.append(
            "  access    "
                + (summary.isOpen ? "OPEN: anyone who reaches this address may use every model" : "a key is needed"))
        if summary.isOpen {
            lines.append("            set LITELLM_MASTER_KEY or general_settings.master_key to close it")
        }
        lines.append("  stop      Ctrl-C; running requests are finished first")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func models(_ names: [String]) -> String {
        guard names.count > 6 else { return names.joined(separator: ", ") }
        return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
    }
}
