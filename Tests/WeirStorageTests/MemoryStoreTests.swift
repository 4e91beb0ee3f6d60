import Testing
import WeirTestKit

@Suite struct MemoryStoreTests {
    @Test(arguments: StoreContract.Clause.allCases)
    func `a store in memory keeps the contract`(clause: StoreContract.Clause) async {
        #expect(await StoreContract(store: MemoryStore()).breach(of: clause) == nil)
    }
}
