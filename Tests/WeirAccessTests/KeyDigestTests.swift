import NIOCore
import Testing
import WeirAccess
import WeirCore

struct KeyDigestTests {
    /// FIPS 180-4's own example, the empty message, and one longer than a block.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `a digest is SHA-256 in lowercase hex`(text: String, hex: String) {
        #expect(KeyDigest(of: Secret(text)).hex == hex)
        #expect(KeyDigest(of: Credential(Bytes(string: text))).hex == hex)
    }

    @Test func `hex keeps leading zeros of each word`() {
        for number in 0..<500 {
            #expect(KeyDigest(of: Secret("sk-\(number)")).hex.utf8.count == 64)
        }
    }

    @Test func `equal keys have equal digests and hashes`() {
        let (one, other) = (KeyDigest(of: Secret("sk-1")), KeyDigest(of: Credential(Bytes(string: "sk-1"))))
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != KeyDigest(of: Secret("sk-2")))
    }
}
