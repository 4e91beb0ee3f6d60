package import WeirCoordination

/// What every `SharedState` must do, clause by clause, so that the same suite runs on the one in memory and on a real one:
///
///     @Test(arguments: SharedStateContract.Clause.allCases)
///     func `the store keeps its contract`(clause: SharedStateContract.Clause) async {
///         #expect(await contract.breach(of: clause) == nil)
///     }
package struct SharedStateContract: Sendable {
    package enum Clause: String, Sendable, CaseIterable {
        case answersInOrder, grantsUpToTheLimit, grantsNothingBelowTheLeast, freesAfterWindowAndHold, tellsWhenItFrees,
            takesBack, neverBelowZero, countsWhatIsTold, toldTwiceCountsOnce, toldUnderTwoNamesCountsTwice,
            addsUsesOfOneBucket, keepsLimitersApart, sharesSlots, neverLessThanHeld, growsOnlyIntoWhatIsFree,
            letsSlotsGo, freesSlotsOfTheDead, listsTheLiving, replacesReports
    }

    /// Short, so that a real store need not be waited for: milliseconds.
    private static let window = 600

    private let store: any SharedState
    private let name: String
    private let pass: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - name: starts every id; unique for each run, when the store lives longer than the test.
    ///   - pass: lets so many milliseconds of the store's clock pass.
    package init(store: any SharedState, name: String, pass: @escaping @Sendable (Int) async -> Void) {
        self.store = store
        self.name = name
        self.pass = pass
    }

    /// What the store did against the clause; nil when it kept it.
    package func breach(of clause: Clause) async -> String? {
        switch clause {
        case .answersInOrder, .grantsUpToTheLimit, .grantsNothingBelowTheLeast, .freesAfterWindowAndHold,
            .tellsWhenItFrees, .takesBack, .neverBelowZero, .keepsLimitersApart:
            await windowBreach(of: clause)
        case .countsWhatIsTold, .toldTwiceCountsOnce, .toldUnderTwoNamesCountsTwice, .addsUsesOfOneBucket:
            await restoreBreach(of: clause)
        case .sharesSlots, .neverLessThanHeld, .growsOnlyIntoWhatIsFree, .letsSlotsGo, .freesSlotsOfTheDead:
            await slotsBreach(of: clause)
        case .listsTheLiving, .replacesReports: await heartbeatBreach(of: clause)
        }
    }

    // MARK: Windows

    private func windowBreach(of clause: Clause) async -> String? {
        let id = "\(name).\(clause.rawValue)"
        switch clause {
        case .answersInOrder:
            let answers = await ask([
                lease(id, 10, 3), .heartbeat(replica: id, report: []), lease(id, 10, 3),
                .giveBack(id: id, bucket: 0, amount: 1),
            ])
            guard answers.count == 4, case .lease(3, _, 7, _) = answers[0], case .replicas = answers[1],
                case .lease(3, _, 4, _) = answers[2], answers[3] == .done
            else { return "\(answers)" }
        case .grantsUpToTheLimit:
            let answers = await ask([lease(id, 10, 7), lease(id, 10, 7), lease(id, 10, 7)])
            return differs(answers.map(granted), [7, 3, 0])
        case .grantsNothingBelowTheLeast:
            let answers = await ask([lease(id, 10, 7), lease(id, 10, 7, least: 4), lease(id, 10, 7, least: 3)])
            return differs(answers.map(granted), [7, 0, 3])
        case .freesAfterWindowAndHold:
            _ = await ask([lease(id, 10, 10)])
            await pass(Self.window + SharedTiming.holdMilliseconds - 100)
            let early = await ask([lease(id, 10, 10)])
            await pass(100 + SharedTiming.bucketMilliseconds + 20)
            let late = await ask([lease(id, 10, 10)])
            return differs((early + late).map(granted), [0, 10])
        case .tellsWhenItFrees:
            guard case .lease(0, _, 0, let frees) = await ask([lease(id, 5, 5), lease(id, 5, 1)]).last else {
                return "granted beyond the limit"
            }
            let least = Self.window + SharedTiming.holdMilliseconds - 50
            let most = Self.window + SharedTiming.holdMilliseconds + SharedTiming.bucketMilliseconds
            guard frees >= least, frees <= most else { return "frees after \(frees)" }
            await pass(frees + 2)
            return differs(await ask([lease(id, 5, 5)]).map(granted), [5])
        case .takesBack:
            let bucket = bucket(await ask([lease(id, 10, 10)]).first)
            let answers = await ask([.giveBack(id: id, bucket: bucket, amount: 4), lease(id, 10, 10)])
            return differs(answers.suffix(1).map(granted), [4])
        case .neverBelowZero:
            let bucket = bucket(await ask([lease(id, 10, 2)]).first)
            let answers = await ask([
                .giveBack(id: id, bucket: bucket, amount: 50), .giveBack(id: id, bucket: bucket - 3, amount: 50),
                lease(id, 10, 50),
            ])
            return differs(answers.suffix(1).map(granted), [10])
        case .keepsLimitersApart:
            let answers = await ask([lease(id + "a", 5, 5), lease(id + "b", 5, 5), lease(id + "a", 5, 5)])
            return differs(answers.map(granted), [5, 5, 0])
        default: break
        }
        return nil
    }

    // MARK: What is told

    private func restoreBreach(of clause: Clause) async -> String? {
        let id = "\(name).\(clause.rawValue)"
        let told = [SharedUse(ageMilliseconds: 10, count: 3), SharedUse(ageMilliseconds: 250, count: 2)]
        let tell = SharedQuestion.restore(id: id, replica: "a.1", ages: told)
        switch clause {
        case .countsWhatIsTold:
            return differs(await ask([lease(id, 10, 4), tell, lease(id, 10, 10)]).map(granted), [4, nil, 1])
        case .toldTwiceCountsOnce:
            return differs(await ask([tell, tell, lease(id, 10, 10)]).map(granted), [nil, nil, 5])
        case .toldUnderTwoNamesCountsTwice:
            let other = SharedQuestion.restore(id: id, replica: "a.2", ages: told)
            return differs(await ask([tell, other, lease(id, 20, 20)]).map(granted), [nil, nil, 10])
        case .addsUsesOfOneBucket:
            let same = Array(repeating: SharedUse(ageMilliseconds: 300, count: 2), count: 3)
            let answers = await ask([.restore(id: id, replica: "a.1", ages: same), lease(id, 10, 10)])
            return differs(answers.map(granted), [nil, 4])
        default: return nil
        }
    }

    // MARK: Slots

    private func slotsBreach(of clause: Clause) async -> String? {
        let id = "\(name).\(clause.rawValue)"
        func slots(_ replica: String, held: Int, wanted: Int) -> SharedQuestion {
            .slots(id: id, limit: 10, replica: "\(id).\(replica)", held: held, wanted: wanted)
        }
        switch clause {
        case .sharesSlots:
            let answers = await ask([slots("a", held: 0, wanted: 6), slots("b", held: 0, wanted: 6)])
            return differs(answers.map(granted), [6, 4])
        case .neverLessThanHeld:
            let answers = await ask([slots("a", held: 0, wanted: 10), slots("b", held: 3, wanted: 5)])
            return differs(answers.map(granted), [10, 3])
        case .growsOnlyIntoWhatIsFree:
            let answers = await ask([
                slots("a", held: 0, wanted: 4), slots("b", held: 0, wanted: 4), slots("a", held: 4, wanted: 9),
            ])
            return differs(answers.map(granted), [4, 4, 6])
        case .letsSlotsGo:
            let answers = await ask([
                slots("a", held: 0, wanted: 10), slots("a", held: 2, wanted: 2), slots("b", held: 0, wanted: 10),
            ])
            return differs(answers.map(granted), [10, 2, 8])
        case .freesSlotsOfTheDead:
            let first = await ask([
                .heartbeat(replica: "\(id).a", report: []), slots("a", held: 0, wanted: 10),
            ])
            await pass(SharedTiming.deadMilliseconds / 2)
            let early = await ask([slots("b", held: 0, wanted: 10)])
            await pass(SharedTiming.deadMilliseconds / 2 + 100)
            let late = await ask([slots("b", held: 0, wanted: 10)])
            return differs((first + early + late).map(granted), [nil, 10, 0, 10])
        default: return nil
        }
    }

    // MARK: Heartbeats

    private func heartbeatBreach(of clause: Clause) async -> String? {
        let id = "\(name).\(clause.rawValue)"
        func beat(_ replica: String, _ report: [UInt8]) async -> [SharedReplica] {
            guard case .replicas(let all) = await ask([.heartbeat(replica: "\(id).\(replica)", report: report)]).first
            else { return [] }
            return all.filter { $0.name.hasPrefix("\(id).") }.sorted { $0.name < $1.name }
        }
        switch clause {
        case .listsTheLiving:
            _ = await beat("a", [1, 0, 255])
            let both = await beat("b", [])
            await pass(SharedTiming.deadMilliseconds + 100)
            let one = await beat("b", [])
            let expected = [
                SharedReplica(name: "\(id).a", report: [1, 0, 255]), SharedReplica(name: "\(id).b", report: []),
            ]
            guard both == expected, one == [expected[1]] else { return "\(both), then \(one)" }
        case .replacesReports:
            _ = await beat("a", [1])
            let now = await beat("a", [2, 13, 10])
            guard now == [SharedReplica(name: "\(id).a", report: [2, 13, 10])] else { return "\(now)" }
        default: break
        }
        return nil
    }

    // MARK: Words

    private func lease(_ id: String, _ limit: Int, _ amount: Int, least: Int = 1) -> SharedQuestion {
        .lease(id: id, limit: limit, windowMilliseconds: Self.window, amount: amount, atLeast: least)
    }

    private func granted(_ answer: SharedAnswer) -> Int? {
        switch answer {
        case .lease(let granted, _, _, _): granted
        case .slots(let granted): granted
        case .done, .replicas: nil
        }
    }

    private func bucket(_ answer: SharedAnswer?) -> Int64 {
        if case .lease(_, let bucket, _, _) = answer { bucket } else { 0 }
    }

    private func differs(_ found: [Int?], _ expected: [Int?]) -> String? {
        found == expected ? nil : "\(found) instead of \(expected)"
    }

    private func ask(_ questions: [SharedQuestion]) async -> [SharedAnswer] {
        await withCheckedContinuation { waiting in
            store.ask(questions) { waiting.resume(returning: $0 ?? []) }
        }
    }
}
