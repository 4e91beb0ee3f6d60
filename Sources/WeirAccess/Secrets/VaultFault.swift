/// Why something cannot be sealed or opened. Says nothing of what is sealed.
package enum VaultFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A secret was given, and there is nothing to seal it with.
    case cannotSeal
    /// There is no master secret, and so many records are sealed.
    case noMaster(records: Int)
    /// The data keys were wrapped with another master secret; so many records depend on them.
    case wrongMaster(records: Int)
    /// The data key that a text names is not in the store.
    case dataKeyMissing(String)
    /// What is sealed was changed, or stands in another place than it was sealed for.
    case tampered(EntityKind, id: String, path: String)
    /// The sealing itself failed; the detail is for the log.
    case broken(String)

    package var description: String {
        switch self {
        case .cannotSeal:
            "Secrets are kept sealed only, and there is nothing to seal them with: set WEIR_MASTER_SECRET "
                + "(or LITELLM_SALT_KEY) to a long random text and restart, or name an environment variable "
                + "instead (os.environ/NAME)."
        case .noMaster(let records):
            "\(Self.count(records)) sealed, and there is no secret to open them with: set WEIR_MASTER_SECRET "
                + "(or LITELLM_SALT_KEY) to the one that they were sealed with."
        case .wrongMaster(let records):
            "LITELLM_SALT_KEY / WEIR_MASTER_SECRET is not the one that \(Self.count(records)) sealed with."
        case .dataKeyMissing(let id):
            "The data key \(id) is not in the store: what was sealed with it cannot be opened. Enter the secret anew."
        case .tampered(let kind, let id, let path):
            "\(path) of \(id) among \(kind.rawValue) was changed outside Weir, or sealed for another record: "
                + "it cannot be opened. Enter the secret anew."
        case .broken: "The secret could not be sealed; nothing was changed."
        }
    }

    private static func count(_ records: Int) -> String {
        records == 1 ? "1 record was" : "\(records) records were"
    }
}

extension OfficeFault {
    /// 400 where the one who asks can do without a secret; 500 where only the one who runs Weir can help.
    package init(_ fault: VaultFault) {
        switch fault {
        case .cannotSeal: self.init(400, fault.description)
        case .broken(let detail): self.init(500, fault.description, detail: detail)
        default: self.init(500, fault.description, detail: fault.description)
        }
    }
}
