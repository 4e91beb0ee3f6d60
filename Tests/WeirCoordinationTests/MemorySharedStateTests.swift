import Synchronization
import Testing
import WeirCoordination
import WeirTestKit

struct MemorySharedStateTests {
    final class HandClock: Sendable {
        let now = Atomic<Int64>(1_700_000_000_000)
    }

    @Test(arguments: SharedStateContract.Clause.allCases)
    func `the store in memory keeps the contract`(clause: SharedStateContract.Clause) async {
        let clock = HandClock()
        let contract = SharedStateContract(
            store: MemorySharedState { clock.now.load(ordering: .relaxed) }, name: "contract"
        ) { clock.now.wrappingAdd(Int64($0), ordering: .relaxed) }
        #expect(await contract.breach(of: clause) == nil)
    }
}
