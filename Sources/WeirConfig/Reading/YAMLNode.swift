/// A value of a YAML file, with the place where it is written.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        case scalar(YAMLScalar)
        case list([YAMLNode])
        case map([YAMLMember])
    }

    var content: Content
    var place: SourceLocation

    /// `~`, `null`, or nothing at all after the colon.
    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.resolved == .null } else { false }
    }

    var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    var list: [YAMLNode]? {
        if case .list(let list) = content { list } else { nil }
    }

    var map: [YAMLMember]? {
        if case .map(let members) = content { members } else { nil }
    }

    /// For messages: `a list`, `a mapping`, or the scalar as it may be shown.
    var described: String {
        switch content {
        case .scalar(let scalar): scalar.shown
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

/// A key of a mapping with its value.
struct YAMLMember: Sendable {
    var key: String
    var keyPlace: SourceLocation
    var value: YAMLNode
}
