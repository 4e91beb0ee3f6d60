import WeirCore

extension OfficeAnswer {
    /// An object written out, which `init` could not tell from a value.
    static func object(_ members: JSONObject) -> OfficeAnswer { OfficeAnswer(members) }
}

/// How a record is shown: which members, in which order, and what stands where nothing is set.
struct RecordShape: Sendable {
    private struct Slot: Sendable {
        let name: String
        let blank: JSONValue
    }

    private static let moments: Set<String> = [
        "budget_reset_at", "temp_budget_expiry", "expires", "last_rotation_at", "key_rotation_at",
        "settings_updated_at", "last_active",
    ]

    private let idName: String
    private let slots: [Slot]

    /// `idName` is the member that shows the id; `slots` are the members with what stands where nothing is set.
    init(id idName: String, _ slots: KeyValuePairs<String, JSONValue>) {
        self.idName = idName
        self.slots = slots.map { Slot(name: $0.key, blank: $0.value) }
    }

    /// `adding` comes before what the record says; what of it has no slot stands at the end. Members that are null are
    /// left out where `keepsNulls` is false, those of `adding` excepted.
    func show(_ entity: Entity, keepsNulls: Bool = true, adding: JSONObject = JSONObject()) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(slots.count + adding.members.count)
        for slot in slots {
            if let added = adding[slot.name] {
                members.append(.init(slot.name, added))
                continue
            }
            let value = value(slot.name, entity) ?? slot.blank
            if keepsNulls || !value.isNull { members.append(.init(slot.name, value)) }
        }
        return JSONObject(members + adding.members)
    }

    private func value(_ name: String, _ entity: Entity) -> JSONValue? {
        if name == idName { return .string(entity.id) }
        switch name {
        case "spend", "total_spend": return .money(entity.spend)
        case "created_at": return Self.moment(entity.createdAt)
        case "updated_at": return Self.moment(entity.updatedAt)
        case "created_by": return .string(entity.createdBy)
        case "updated_by": return .string(entity.updatedBy)
        default:
            guard let value = entity.document.value(name) else { return nil }
            if Self.moments.contains(name), let moment = value.int { return Self.moment(Int64(moment)) }
            return value
        }
    }

    /// `microseconds` since 1970 as LiteLLM writes them: whole seconds without a fraction.
    static func moment(_ microseconds: Int64) -> JSONValue {
        .string(AnswerMoment.text(microseconds))
    }
}
