/// Reads the text of a `NameExpression`.
struct NameExpressionParser {
    private static let mostRepetitions = 100
    private static let deepest = 50

    private let text: [Unicode.Scalar]
    private var place = 1
    private var depth = 0
    private(set) var groupCount = 0

    init(_ text: String) throws(NameExpressionFault) {
        self.text = Array(text.unicodeScalars)
        guard self.text.first == "^" else { throw NameExpressionFault(reason: "it must begin with ^") }
    }

    mutating func expression() throws(NameExpressionFault) -> NameNode {
        let node = try either()
        guard place == text.count else { throw NameExpressionFault(reason: "a ) has no ( before it") }
        return node
    }

    // MARK: Parts

    private var next: Unicode.Scalar? { place < text.count ? text[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    private mutating func either() throws(NameExpressionFault) -> NameNode {
        depth += 1
        guard depth <= Self.deepest else { throw NameExpressionFault(reason: "its groups are too deep") }
        var parts = [try all()]
        while take("|") { parts.append(try all()) }
        depth -= 1
        return parts.count == 1 ? parts[0] : .either(parts)
    }

    private mutating func all() throws(NameExpressionFault) -> NameNode {
        var parts: [NameNode] = []
        while let scalar = next, scalar != "|", scalar != ")" { parts.append(try repeated(try one())) }
        return .all(parts)
    }

    private mutating func one() throws(NameExpressionFault) -> NameNode {
        let scalar = text[place]
        place += 1
        switch scalar {
        case "(": return try group()
        case "[": return .one(try set())
        case ".": return .one(.any)
        case "$": return .end
        case "\\": return .one(try escaped())
        case "*", "+", "?", "{": throw NameExpressionFault(reason: "nothing stands before \(scalar) to be repeated")
        case "^": throw NameExpressionFault(reason: "a second ^ can never fit; write \\^ for the sign itself")
        default: return .one(NameSet(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func group() throws(NameExpressionFault) -> NameNode {
        var number: Int?
        if take("?") {
            guard take(":") else { throw NameExpressionFault(reason: "of groups with (? only (?: ) is known") }
        } else {
            number = groupCount
            groupCount += 1
        }
        let inner = try either()
        guard take(")") else { throw NameExpressionFault(reason: "a ( has no ) behind it") }
        return number.map { .group(inner, number: $0) } ?? inner
    }

    // MARK: Repetitions

    private mutating func repeated(_ node: NameNode) throws(NameExpressionFault) -> NameNode {
        var (least, most): (Int, Int?)
        switch next {
        case "*": (least, most) = (0, nil)
        case "+": (least, most) = (1, nil)
        case "?": (least, most) = (0, 1)
        case "{":
            place += 1
            (least, most) = try counts()
        default: return node
        }
        place += 1
        let fewest = take("?")
        if let next, "*+?{".unicodeScalars.contains(next) {
            throw NameExpressionFault(reason: "what is repeated cannot be repeated again without a group")
        }
        return .times(node, least: least, most: most, fewest: fewest)
    }

    /// Stops before the `}`.
    private mutating func counts() throws(NameExpressionFault) -> (Int, Int?) {
        let fault = NameExpressionFault(
            reason: "a repetition is written {2}, {2,} or {2,5} with numbers up to \(Self.mostRepetitions)")
        guard let least = number() else { throw fault }
        var most: Int? = least
        if take(",") { most = number() }
        guard next == "}", least <= Self.mostRepetitions, most ?? least <= Self.mostRepetitions, most ?? least >= least
        else { throw fault }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar), digits.utf8.count < 4 {
            digits.unicodeScalars.append(scalar)
            place += 1
        }
        return Int(digits)
    }

    // MARK: Sets

    private mutating func set() throws(NameExpressionFault) -> NameSet {
        var set = NameSet(ranges: [])
        set.isInverted = take("^")
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            let first = try member()
            guard next == "-", place + 1 < text.count, text[place + 1] != "]" else {
                set.ranges += first.ranges
                continue
            }
            place += 1
            let last = try member()
            guard let from = first.only?.value, let to = last.only?.value, from <= to else {
                throw NameExpressionFault(reason: "a range in [ ] goes from a lower to a higher character")
            }
            set.ranges.append(from...to)
        }
        guard take("]") else { throw NameExpressionFault(reason: "a [ has no ] behind it") }
        return set
    }

    private mutating func member() throws(NameExpressionFault) -> NameSet {
        let scalar = text[place]
        place += 1
        guard scalar == "\\" else { return NameSet(ranges: [scalar.value...scalar.value]) }
        let set = try escaped()
        guard !set.isInverted else { throw NameExpressionFault(reason: "\\D, \\W and \\S cannot stand in [ ]") }
        return set
    }

    /// What stands behind a `\`.
    private mutating func escaped() throws(NameExpressionFault) -> NameSet {
        guard let scalar = next else { throw NameExpressionFault(reason: "it ends with a \\") }
        place += 1
        let digits: [ClosedRange<UInt32>] = [0x30...0x39]
        let words = digits + [0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        let spaces: [ClosedRange<UInt32>] = [0x09...0x0D, 0x20...0x20]
        switch scalar {
        case "d": return NameSet(ranges: digits)
        case "w": return NameSet(ranges: words)
        case "s": return NameSet(ranges: spaces)
        case "D": return NameSet(ranges: digits, isInverted: true)
        case "W": return NameSet(ranges: words, isInverted: true)
        case "S": return NameSet(ranges: spaces, isInverted: true)
        case "0"..."9", "a"..."z", "A"..."Z": throw NameExpressionFault(reason: "\\\(scalar) is not known")
        default: return NameSet(ranges: [scalar.value...scalar.value])
        }
    }
}
