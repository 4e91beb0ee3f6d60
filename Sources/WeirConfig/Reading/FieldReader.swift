import WeirCore

/// Reads the fields of one mapping by name and type, and remembers which were read, so that `finish` can tell of the rest.
final class FieldReader {
    let section: String
    let members: [YAMLMember]
    let place: SourceLocation
    let log: ProblemLog
    private var taken: Set<String> = []
    /// Keys whose value is acted on, whatever the table says.
    private var settled: Set<String> = []

    init(_ section: String, _ members: [YAMLMember], _ place: SourceLocation, _ log: ProblemLog) {
        self.section = section
        self.members = members
        self.place = place
        self.log = log
    }

    /// The mapping below `key`; nil when there is none.
    func section(_ key: String, as path: String) -> FieldReader? {
        guard let member = member(key) else { return nil }
        guard let members = member.value.map else {
            wrong(member, "a mapping")
            return nil
        }
        return FieldReader(path, members, member.keyPlace, log)
    }

    /// The key is written, even if its value is empty.
    func has(_ key: String) -> Bool { members.contains { $0.key == key } }

    /// The member, whatever its value; marks it as read.
    func written(_ key: String) -> YAMLMember? {
        taken.insert(key)
        return members.first { $0.key == key }
    }

    /// The member, unless its value is null or an empty variable.
    func member(_ key: String) -> YAMLMember? {
        guard let member = written(key), !member.value.isNull else { return nil }
        if let scalar = member.value.scalar, scalar.isMissing || (scalar.variable != nil && scalar.text.isEmpty) {
            return nil
        }
        return member
    }

    /// The value wants a variable that is not set, which was noted already.
    func isMissing(_ key: String) -> Bool { written(key)?.value.scalar?.isMissing == true }

    func wrong(_ member: YAMLMember, _ wanted: String) {
        let isConfidential = member.value.scalar != nil && FieldReader.isConfidential(member.key)
        let found = isConfidential ? "a text" : member.value.described
        log.error(member.value.place, "`\(member.key)` must be \(wanted), not \(found)")
    }

    /// What stands below such a key is not shown even when it is in the wrong form.
    private static func isConfidential(_ key: String) -> Bool {
        ["auth", "token", "tokens", "extra_headers", "environment_variables"].contains(key) || key.hasSuffix("_key")
            || ["secret", "password", "credential"].contains { key.contains($0) }
    }

    // MARK: Single values

    func text(_ key: String) -> String? {
        guard let member = member(key) else { return nil }
        guard let scalar = member.value.scalar else {
            wrong(member, "a text")
            return nil
        }
        return scalar.text
    }

    func secret(_ key: String) -> Secret? { text(key).map { Secret($0) } }

    func flag(_ key: String) -> Bool? {
        guard let member = member(key) else { return nil }
        let value = member.value.scalar.flatMap(FieldReader.flag)
        if value == nil { wrong(member, "true or false") }
        return value
    }

    func whole(_ key: String, _ range: ClosedRange<Int> = 0...Int(Int32.max)) -> Int? {
        guard let member = member(key) else { return nil }
        guard let value = member.value.scalar.flatMap({ YAMLNumber.whole($0.text) }), range.contains(value) else {
            wrong(member, FieldReader.wanted(range))
            return nil
        }
        return value
    }

    /// More than zero (or, with `zero`, at least that), at most a year.
    func seconds(_ key: String, zero: Bool = false) -> Duration? {
        guard let member = member(key) else { return nil }
        let value = member.value.scalar.flatMap(FieldReader.seconds)
        guard let value, value > .zero || (zero && value == .zero), value <= .seconds(31_536_000) else {
            wrong(member, "a number of seconds\(zero ? "" : " greater than 0"), such as 45")
            return nil
        }
        return value
    }

    /// A number within the range, both ends included; `positive` leaves zero out.
    func number(_ key: String, _ range: ClosedRange<Double>, positive: Bool = false) -> Double? {
        guard let member = member(key) else { return nil }
        let value = member.value.scalar.flatMap { YAMLNumber.json($0.text) }.flatMap { Double($0) }
        guard let value, range.contains(value), value > 0 || !positive else {
            let least = positive ? "greater than 0" : "of at least \(YAMLNumber.shown(range.lowerBound))"
            wrong(member, "a number \(least) and at most \(YAMLNumber.shown(range.upperBound))")
            return nil
        }
        return value
    }

    /// Dollars, at least zero.
    func money(_ key: String) -> Money? {
        guard let member = member(key) else { return nil }
        guard let value = member.value.scalar.flatMap({ Money($0.text) }), value >= .zero else {
            wrong(member, "an amount of dollars, at least 0, such as 0.0000025")
            return nil
        }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let member = member(key) else { return nil }
        guard let value = member.value.scalar.flatMap({ Choice(rawValue: $0.text) }) else {
            wrongChoice(member.key, member.value, Choice.self)
            return nil
        }
        return value
    }

    /// Names all that is possible, and the one that was probably meant.
    func wrongChoice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ value: YAMLNode, _ type: Choice.Type)
    where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let all = names.map { "`\($0)`" }.joined(separator: ", ")
        let nearest = value.scalar.flatMap { NearestName.of($0.text, among: names) }
        let hint = nearest.map { "; did you mean `\($0)`?" } ?? ""
        log.error(value.place, "`\(key)` must be one of \(all), not \(value.described)\(hint)")
    }

    // MARK: Several values

    /// A list of texts; a single text counts as a list of one.
    func texts(_ key: String) -> [String] {
        guard let member = member(key) else { return [] }
        if let scalar = member.value.scalar { return [scalar.text] }
        guard let items = member.value.list else {
            wrong(member, "a list of texts")
            return []
        }
        return items.compactMap { item in
            guard let scalar = item.scalar, !item.isNull else {
                log.error(item.place, "`\(key)` must hold texts, not \(item.isNull ? "nothing" : item.described)")
                return nil
            }
            return scalar.text
        }
    }

    /// A mapping from names to JSON values.
    func fields(_ key: String) -> [JSONField] {
        guard let member = member(key) else { return [] }
        guard let members = member.value.map else {
            wrong(member, "a mapping")
            return []
        }
        return JSONText.fields(members, log)
    }

    // MARK: Conversions

    /// Also `1` and `0`, and both in quotes: that is how they come from the environment.
    static func flag(_ scalar: YAMLScalar) -> Bool? {
        switch YAMLScalar(text: scalar.text, isPlain: true).resolved {
        case .flag(let flag): flag
        case .number("1"): true
        case .number("0"): false
        default: nil
        }
    }

    static func seconds(_ scalar: YAMLScalar) -> Duration? {
        guard let text = YAMLNumber.json(scalar.text), let value = DecimalText.scaled(text, decimals: 18) else {
            return nil
        }
        let (whole, rest) = value.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        guard let seconds = Int64(exactly: whole) else { return nil }
        return Duration(secondsComponent: seconds, attosecondsComponent: Int64(rest))
    }

    static func wanted(_ range: ClosedRange<Int>) -> String {
        if range.upperBound < Int(Int32.max) { return "a whole number from \(range.lowerBound) to \(range.upperBound)" }
        return "a whole number of at least \(range.lowerBound)"
    }

    // MARK: The rest

    /// These keys are read by somebody else, who checks them.
    func readElsewhere(_ keys: some Sequence<String>) { taken.formUnion(keys) }

    /// This key needs no warning.
    func settle(_ key: String) { settled.insert(key) }

    /// Tells of every key that is unknown or not acted on yet.
    func finish() {
        let known = KnownKeys.section(section)
        for member in members where !settled.contains(member.key) {
            if let key = known[member.key] {
                tell(of: member, key)
            } else {
                unknown(member, known.keys.sorted())
            }
        }
    }

    func tell(of member: YAMLMember, _ key: KnownKey) {
        if !taken.contains(member.key) { UnknownKeys.check(member, key.kind, self) }
        switch key.stage {
        case .now: break
        case .partly: log.warning(member.keyPlace, "`\(member.key)`: \(key.meaning)")
        case .later:
            log.warning(
                member.keyPlace, "`\(member.key)` is known but not acted on yet (\(key.meaning)): leave it or remove it"
            )
        }
    }

    func unknown(_ member: YAMLMember, _ names: [String]) {
        log.doubt(member.keyPlace, UnknownKeys.message(member.key, in: section, names))
    }
}
