import Testing
import WeirCore
import WeirRouting
import WeirTestKit

struct ConcurrencyTests {
    @Test func `whatever loops do at once nothing stays under way and somebody always serves`() async throws {
        let rig = Rig(Sample.group(3))
        let planner = rig.planner
        let open = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<8 as Range<UInt64> {
                group.addTask {
                    var chance = SeededRandom(seed: seed)
                    var allOpen = 0
                    for turn in 0..<5_000 as Range<UInt64> {
                        let now = 1_000 * .second + turn * .millisecond
                        guard var plan = try? planner.plan(RouteRequest(model: "gpt"), at: now),
                            case .attempt(let candidate, _) = plan.next(after: nil, at: now, random: chance.next())
                        else {
                            allOpen += 1
                            continue
                        }
                        guard case .begun(let ticket) = candidate.begin(tokens: 3, at: now) else { continue }
                        let kind: FailureClass? = chance.next() % 2 == 0 ? .authentication : nil
                        candidate.end(ticket, AttemptOutcome(failure: kind.map { Failure($0) }), at: now)
                    }
                    return allOpen
                }
            }
            return await group.reduce(0, +)
        }
        #expect(open == 0)
        for state in rig.board.states {
            #expect(state.inFlight == 0 && state.tokensInFlight == 0)
        }
    }

    @Test func `of many that ask at once one gets the trial`() async throws {
        let all = Sample.group(2)
        let rig = Rig(all)
        let candidate = try #require(rig.planner.candidate(of: all[0]))
        guard case .begun(let first) = candidate.begin(tokens: 0, at: 1) else { return }
        candidate.end(first, AttemptOutcome(failure: Failure(.notFound)), at: 1)
        let begun = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    if case .begun = candidate.begin(tokens: 0, at: 10 * .second) { 1 } else { 0 }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(begun == 1)
    }
}
