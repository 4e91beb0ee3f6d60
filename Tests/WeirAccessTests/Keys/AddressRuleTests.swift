import Testing
import WeirAccess
import WeirCore

struct AddressRuleTests {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false), ("10.0.0.0/8", "10.255.1.2", true),
        ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3/16", "10.1.99.1", true), ("0.0.0.0/0", "8.8.8.8", true),
        ("10.0.0.1/32", "10.0.0.1", true), ("::1", "::1", true), ("::1", "0:0:0:0:0:0:0:1", true),
        ("2001:db8::/32", "2001:db8:1::5", true), ("2001:db8::/32", "2001:db9::", false), ("::/0", "fe80::1", true),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.1", "10.0.0.1", true),
        ("10.0.0.0/8", "::ffff:a01:203", true), ("0.0.0.0/0", "2001:db8::1", false), ("::1", "127.0.0.1", false),
        ("fe80::1", "fe80::1%eth0", true), ("10.0.0.0/8", "localhost", false), ("10.0.0.0/8", "", false),
        ("0.0.0.0/0", "10.0.0.0/8", true), ("10.0.0.0/8", "0.0.0.0/0", false),
    ])
    func `an address is admitted by itself or by its network, in either spelling`(
        rule: String, address: String, isAdmitted: Bool
    ) {
        #expect(AddressRule([rule]).admits(address) == isAdmitted)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "1.2.3.4.5", "::1/129",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "10.0.0.+1", "+1::", "example.org",
        " 10.0.0.1",
        "1:2:3:4:5:6:7:8::",
    ])
    func `what is no address is told, and lets nobody in`(text: String) {
        #expect(AddressRule.unreadable([text, "10.0.0.1"]) == [text])
        #expect(!AddressRule([text]).admits("10.0.0.1"))
        #expect(!AddressRule([text]).admits(text))
    }

    @Test func `no rule admits everybody, an empty one nobody`() {
        #expect(AddressRule.none.admits("anything"))
        #expect(AddressRule.none.isEmpty)
        #expect(!AddressRule(allowed: []).admits("10.0.0.1"))
    }

    @Test func `who is not admitted is told so, and not his address`() {
        #expect(throws: GatewayFault.self) { try AddressRule(["10.0.0.1"]).check("10.0.0.2") }
        do throws(GatewayFault) { try AddressRule(["10.0.0.1"]).check("10.0.0.2") } catch {
            #expect(error.code == .addressForbidden)
            #expect(error.message == "Access forbidden: IP address not allowed.")
        }
    }

    // MARK: Proxies

    @Test(
        arguments: [
            // Not asked for: the connection's address.
            (false, [], "10.0.0.1", "1.1.1.1", "10.0.0.1"),
            // One proxy in front: what it appended.
            (true, [], "10.0.0.1", "1.1.1.1", "1.1.1.1"), (true, [], "10.0.0.1", "9.9.9.9, 1.1.1.1", "1.1.1.1"),
            // Named proxies are passed over; what stands before the client is his own invention.
            (true, ["10.0.0.0/8"], "10.0.0.1", "9.9.9.9, 1.1.1.1, 10.0.0.7", "1.1.1.1"),
            (true, ["10.0.0.0/8"], "10.0.0.1", "10.0.0.9, 10.0.0.8", "10.0.0.9"),
            // Somebody who is no proxy of ours may say what he likes.
            (true, ["10.0.0.0/8"], "8.8.8.8", "10.0.0.9", "8.8.8.8"),
            (true, ["10.0.0.0/8"], "10.0.0.1", nil, "10.0.0.1"), (true, [], "10.0.0.1", "unknown", "10.0.0.1"),
            (true, ["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, garbage, 10.0.0.7", "10.0.0.7"),
            (true, [], "10.0.0.1", " [2001:db8::1]:443", "2001:db8::1"),
            (true, [], "10.0.0.1", "1.1.1.1:5000", "1.1.1.1"),
        ] as [(Bool, [String], String, String?, String)])
    func `the client's address is the first, from the right, that is no proxy's`(
        reads: Bool, trusted: [String], peer: String, forwarded: String?, client: String
    ) {
        let rule = AddressRule([], usesForwardedFor: reads, trustedProxies: trusted)
        #expect(rule.client(peer: peer, forwarded: forwarded) == client)
    }
}
