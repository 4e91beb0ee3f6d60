/// A part of an expression as it is written.
indirect enum NameNode {
    case one(NameSet)
    case end
    case all([NameNode])
    case either([NameNode])
    case group(NameNode, number: Int)
    case times(NameNode, least: Int, most: Int?, fewest: Bool)

    /// More steps than this are refused: each place of a name may look at all of them.
    private static let mostSteps = 2000

    func compile(into program: inout [NameStep]) throws(NameExpressionFault) {
        guard program.count <= Self.mostSteps else {
            throw NameExpressionFault(reason: "it is too large; write it with fewer repetitions")
        }
        switch self {
        case .one(let set): program.append(.one(set))
        case .end: program.append(.end)
        case .all(let parts): for part in parts { try part.compile(into: &program) }
        case .either(let parts): try Self.compile(parts[...], into: &program)
        case .group(let inner, let number):
            program.append(.mark(2 * number))
            try inner.compile(into: &program)
            program.append(.mark(2 * number + 1))
        case .times(let inner, let least, let most, let fewest):
            for _ in 0..<least { try inner.compile(into: &program) }
            guard let most else { return try Self.loop(inner, fewest, into: &program) }
            var exits: [Int] = []
            for _ in least..<max(most, least) {
                exits.append(program.count)
                program.append(.jump(0))
                try inner.compile(into: &program)
            }
            for exit in exits { program[exit] = Self.choice(exit + 1, program.count, fewest) }
        }
    }

    private static func loop(
        _ inner: NameNode, _ fewest: Bool, into program: inout [NameStep]
    ) throws(NameExpressionFault) {
        let start = program.count
        program.append(.jump(0))
        try inner.compile(into: &program)
        program.append(.jump(start))
        program[start] = choice(start + 1, program.count, fewest)
    }

    private static func compile(
        _ parts: ArraySlice<NameNode>, into program: inout [NameStep]
    ) throws(NameExpressionFault) {
        guard let first = parts.first else { return }
        guard parts.count > 1 else { return try first.compile(into: &program) }
        let start = program.count
        program.append(.jump(0))
        try first.compile(into: &program)
        let exit = program.count
        program.append(.jump(0))
        program[start] = .either(start + 1, program.count)
        try compile(parts.dropFirst(), into: &program)
        program[exit] = .jump(program.count)
    }

    private static func choice(_ inner: Int, _ after: Int, _ fewest: Bool) -> NameStep {
        fewest ? .either(after, inner) : .either(inner, after)
    }
}
