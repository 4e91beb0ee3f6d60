import Testing

@testable import WeirAccess

struct SecretBoxTests {
    /// The example of "Cryptography in NaCl" (D. J. Bernstein), sections 8 to 10.
    private static let key = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
    private static let nonce = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
    private static let message = hex(
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c0123"
            + "3561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924"
            + "ca1c60902e52f0a089bc76897040e082f937763848645e0705")
    private static let box = hex(
        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98"
            + "dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6b"
            + "b3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5")

    @Test func `the box of NaCl's own example opens`() {
        #expect(SecretBox.open(Self.nonce + Self.box, key: Self.key) == Self.message)
    }

    @Test func `an empty message opens`() {
        let nonce = [UInt8](0..<24)
        let box = hex("28fd82cd7386c5471a24d8ad2a525b6e")
        #expect(SecretBox.open(nonce + box, key: [UInt8](0..<32)) == [])
    }

    @Test(arguments: [0, 23, 24, 39, 40, 100, 170])
    func `a box with one bit changed does not open`(place: Int) {
        var sealed = Self.nonce + Self.box
        sealed[place] ^= 0x10
        #expect(SecretBox.open(sealed, key: Self.key) == nil)
    }

    @Test func `a box does not open with another key`() {
        var key = Self.key
        key[31] ^= 1
        #expect(SecretBox.open(Self.nonce + Self.box, key: key) == nil)
    }

    @Test(arguments: [0, 16, 31, 33])
    func `keys of another length open nothing`(count: Int) {
        #expect(SecretBox.open(Self.nonce + Self.box, key: [UInt8](repeating: 7, count: count)) == nil)
    }

    @Test(arguments: [0, 1, 24, 39])
    func `what is shorter than nonce and tag does not open`(count: Int) {
        #expect(SecretBox.open(Array((Self.nonce + Self.box).prefix(count)), key: Self.key) == nil)
    }

    @Test func `the box cut short by a byte does not open`() {
        #expect(SecretBox.open(Array((Self.nonce + Self.box).dropLast()), key: Self.key) == nil)
    }

    /// RFC 8439, section 2.5.2 and appendix A.3.
    @Test(arguments: [
        (
            "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
            "43727970746f6772617068696320466f72756d2052657365617263682047726f7570", "a8061dc1305136c6c22b8baf0c0127a9"
        ),
        // The sum is exactly 2^130 - 5 and must become 0.
        ("02" + zeros(31), "ffffffffffffffffffffffffffffffff", "03" + zeros(15)),
        ("02" + zeros(15) + "ffffffffffffffffffffffffffffffff", "02" + zeros(15), "03" + zeros(15)),
        (
            "01" + zeros(31), "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11" + zeros(15),
            "05" + zeros(15)
        ),
        (
            "01" + zeros(31),
            "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101",
            zeros(16)
        ),
        ("02" + zeros(31), "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff"),
        (zeros(32), zeros(64), zeros(16)),
    ])
    func `Poly1305 gives the tags of the RFC`(key: String, message: String, tag: String) {
        #expect(Poly1305.tag(of: hex(message)[...], key: hex(key)) == hex(tag))
    }

    /// "Extending the Salsa20 nonce": the key that the example's shared secret and zeros give.
    @Test func `HSalsa20 gives the key of the specification`() {
        let shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        let made = Salsa20.hSalsa20(key: Salsa20.words(shared[...]), input: [0, 0, 0, 0])
        #expect(made == Salsa20.words(Self.key[...]))
    }
}

private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

/// Bytes of hexadecimal digits.
private func hex(_ digits: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = digits[...]
    while let byte = UInt8(rest.prefix(2), radix: 16), rest.count >= 2 {
        bytes.append(byte)
        rest = rest.dropFirst(2)
    }
    return bytes
}
