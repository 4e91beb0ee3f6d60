import Testing
import WeirCore
import WeirProviders

struct CompatibleVendorsTests {
    @Test func `each prefix stands once`() {
        let prefixes = CompatibleVendors.all.map(\.prefix)
        #expect(Set(prefixes).count == prefixes.count)
        #expect(prefixes.allSatisfy { !$0.isEmpty && !$0.contains("/") })
    }

    @Test(arguments: CompatibleVendors.all)
    func `a row is found by its prefix and its base can be read`(vendor: CompatibleVendor) {
        #expect(CompatibleVendors.vendor(vendor.prefix)?.prefix == vendor.prefix)
        if let base = vendor.base { #expect(BaseURL(base) != nil) }
        #expect(!vendor.keyVariables.isEmpty)
        #expect(vendor.base != nil || !vendor.baseVariables.isEmpty || vendor.prefix == "custom_openai")
    }

    @Test(arguments: CompatibleVendors.all)
    func `only a server on this machine is asked without TLS`(vendor: CompatibleVendor) {
        guard let base = vendor.base.flatMap({ BaseURL($0) }) else { return }
        #expect(base.address.isTLS || base.address.host == "127.0.0.1")
    }

    @Test func `an unknown prefix has no row`() {
        #expect(CompatibleVendors.vendor("nobody") == nil)
        #expect(CompatibleVendors.vendor("OpenAI") == nil)
        #expect(CompatibleVendors.vendor("") == nil)
    }
}
