/// A regular expression over names of models: a text that begins with `^`.
///
/// All alternatives are followed at once (Thompson, "Regular Expression Search Algorithm", 1968; groups after Pike), so the
/// time that a name takes grows with its length alone, whatever the expression is and whoever chose the name. What it may
/// be made of: plain characters, `.`, `[a-z]` and `[^a-z]`, `\d \w \s` and `\D \W \S`, `\` before a sign, groups `( )` and
/// `(?: )`, `|`, and `* + ? {2} {2,} {2,5}`, each also with `?` behind it for as few as possible. Without `$` at its end it
/// says only how a name begins.
package struct NameExpression: Sendable {
    /// A longer name fits no expression.
    package static let longestName = 512

    package let text: String
    private let program: [NameStep]
    private let groupCount: Int
    /// The bytes that every name begins with.
    private let beginning: [UInt8]

    /// Throws a sentence without a full stop when `text` is not such an expression.
    package init(_ text: String) throws(NameExpressionFault) {
        var parser = try NameExpressionParser(text)
        let node = try parser.expression()
        var program: [NameStep] = []
        try node.compile(into: &program)
        program.append(.found)
        self.text = text
        self.program = program
        groupCount = parser.groupCount
        beginning = Self.beginning(of: program)
    }

    package func matches(_ name: String) -> Bool { ends(in: name, groups: 0) != nil }

    /// What the groups stand for in `name`, the empty text for one that stands for nothing; without groups all of the name.
    /// Nil when the name does not fit.
    package func segments(of name: String) -> [String]? {
        guard groupCount > 0 else { return matches(name) ? [name] : nil }
        guard let ends = ends(in: name, groups: groupCount) else { return nil }
        let scalars = Array(name.unicodeScalars)
        return (0..<groupCount).map { group in
            let (from, to) = (ends[2 * group], ends[2 * group + 1])
            guard from >= 0, to >= from else { return "" }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars[from..<to])
            return text
        }
    }

    // MARK: Matching

    private struct Thread {
        let step: Int
        let ends: [Int]
    }

    private struct Threads {
        var list: [Thread] = []
        var seen: [Bool]
        init(_ count: Int) { seen = Array(repeating: false, count: count) }
    }

    /// Where each group begins and ends, in the way that comes first; nil when there is none.
    private func ends(in name: String, groups: Int) -> [Int]? {
        guard name.utf8.count <= Self.longestName, name.utf8.starts(with: beginning) else { return nil }
        let scalars = Array(name.unicodeScalars)
        var found: [Int]?
        var present = Threads(program.count)
        follow(0, Array(repeating: -1, count: 2 * groups), at: 0, scalars.count, &present)
        for place in 0...scalars.count {
            var next = Threads(program.count)
            for thread in present.list {
                if case .found = program[thread.step] {
                    found = thread.ends
                    break
                }
                guard place < scalars.count, case .one(let set) = program[thread.step],
                    set.contains(scalars[place].value)
                else { continue }
                follow(thread.step + 1, thread.ends, at: place + 1, scalars.count, &next)
            }
            if next.list.isEmpty { break }
            present = next
        }
        return found
    }

    /// Adds the steps that are reached from `step` without a character.
    private func follow(_ step: Int, _ ends: [Int], at place: Int, _ count: Int, _ threads: inout Threads) {
        guard !threads.seen[step] else { return }
        threads.seen[step] = true
        switch program[step] {
        case .one, .found: threads.list.append(Thread(step: step, ends: ends))
        case .end: if place == count { follow(step + 1, ends, at: place, count, &threads) }
        case .jump(let other): follow(other, ends, at: place, count, &threads)
        case .either(let first, let second):
            follow(first, ends, at: place, count, &threads)
            follow(second, ends, at: place, count, &threads)
        case .mark(let number):
            var ends = ends
            if number < ends.count { ends[number] = place }
            follow(step + 1, ends, at: place, count, &threads)
        }
    }

    private static func beginning(of program: [NameStep]) -> [UInt8] {
        var text = ""
        for step in program {
            guard case .one(let set) = step, let scalar = set.only else { break }
            text.unicodeScalars.append(scalar)
        }
        return Array(text.utf8)
    }
}

extension NameExpression: Hashable {
    package static func == (left: NameExpression, right: NameExpression) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Why a text is no `NameExpression`.
package struct NameExpressionFault: Error, Equatable {
    package let reason: String
}

/// One step of the machine that an expression is made into.
enum NameStep: Sendable {
    case one(NameSet)
    case either(Int, Int)
    case jump(Int)
    /// A group's beginning (even) or end (odd).
    case mark(Int)
    /// Nothing may follow in the name.
    case end
    case found
}

/// Characters that may stand at one place.
struct NameSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isInverted = false

    static let any = NameSet(ranges: [], isInverted: true)

    func contains(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } != isInverted }

    /// The one character that it stands for.
    var only: Unicode.Scalar? {
        guard !isInverted, ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
        return Unicode.Scalar(range.lowerBound)
    }
}
