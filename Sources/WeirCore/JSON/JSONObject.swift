/// The members of a JSON object, in the order in which they stand. A name that is set again keeps its place.
package struct JSONObject: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package let name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member]

    /// Where a name stands twice, the last one counts.
    package init(_ members: [Member] = []) {
        var places: [String: Int] = [:]
        self.members = []
        self.members.reserveCapacity(members.count)
        for member in members {
            if let place = places[member.name] {
                self.members[place] = member
            } else {
                places[member.name] = self.members.count
                self.members.append(member)
            }
        }
    }

    package var isEmpty: Bool { members.isEmpty }
    package var names: [String] { members.map(\.name) }

    /// Nil where there is no such member; a member that is null gives `.null`. Setting nil takes the member out.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue {
                    members[index].value = newValue
                } else {
                    members.remove(at: index)
                }
            } else if let newValue {
                members.append(Member(name, newValue))
            }
        }
    }

    /// The same, where null counts as absent.
    package func value(_ name: String) -> JSONValue? {
        guard let value = self[name], !value.isNull else { return nil }
        return value
    }

    package func string(_ name: String) -> String? { self[name]?.string }
    package func int(_ name: String) -> Int? { self[name]?.int }
    package func bool(_ name: String) -> Bool? { self[name]?.bool }
    package func money(_ name: String) -> Money? { self[name]?.money }
    package func object(_ name: String) -> JSONObject? { self[name]?.object }
    /// Empty where there is none.
    package func strings(_ name: String) -> [String] { self[name]?.strings ?? [] }

    /// This object with the members of `other` set over its own.
    package func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for member in other.members { merged[member.name] = member.value }
        return merged
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member($0.0, $0.1) })
    }
}
