import Foundation
import Testing
import WeirWire

/// Small, seeded chance: the same documents in every run.
struct Chance {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(truncatingIfNeeded: (state &* 0x2545_F491_4F6C_DD1D) >> 33) % bound
    }
}

private let seeds: [String] = [
    #"{"model":"gpt-4o","messages":[{"role":"user","content":"Hi \"there\"\n—é😀"}],"temperature":0.7,"stream":true}"#,
    #"{"a":[1,-2.5,3e10,0,-0.0,1E-2],"b":{"c":{"d":[[],{},[{}]]}},"e":null,"f":false,"g":"\u00e9\ud83d\ude00\\\/\b"}"#,
    #" { "tools" : [ { "type" : "function" , "function" : { "name" : "f" , "parameters" : { } } } ] , "n" : 12 } "#,
    #"{"":"","k1":"0123456789abcdef","k2":"0123456789abcde\"","k3":[true,false,null],"k4":"ÿĀ߿ࠀ￿𐀀"}"#,
]

/// A document with one to three wounds.
private func mangled(_ chance: inout Chance) -> [UInt8] {
    var bytes = Array(seeds[chance.below(seeds.count)].utf8)
    let alphabet = Array("{}[]\",:\\ 0123456789.eE+-truefalsn/\t\n\u{1}".utf8) + [0x80, 0xC3, 0xA9, 0xED, 0xF4, 0xFF]
    for _ in 0...chance.below(3) {
        let at = chance.below(bytes.count)
        switch chance.below(7) {
        case 0: bytes.remove(at: at)
        case 1: bytes.insert(alphabet[chance.below(alphabet.count)], at: at)
        case 2: bytes[at] = alphabet[chance.below(alphabet.count)]
        case 3: bytes.swapAt(at, chance.below(bytes.count))
        case 4: bytes.removeSubrange(at..<min(bytes.count, at + 1 + chance.below(9)))
        case 5:
            bytes.insert(
                contentsOf: bytes[at..<min(bytes.count, at + 1 + chance.below(9))], at: chance.below(bytes.count))
        default: bytes.removeSubrange(at...)
        }
        if bytes.isEmpty { return [] }
    }
    return bytes
}

@Suite struct JSONDifferentialTests {
    private enum Verdict: Equatable { case accepted, refused(JSONViolation) }

    private func ours(_ bytes: [UInt8]) -> Verdict {
        bytes.withUnsafeBytes { raw in
            do throws(JSONViolation) {
                _ = try JSONScanner.scan(raw)
                return .accepted
            } catch {
                return .refused(error)
            }
        }
    }

    /// Foundation's verdict on a document that must be an object.
    private func theirs(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])) is NSDictionary
            || (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
    }

    /// Where we accept more than Foundation, by intent: lone surrogates, and numbers that no Double can hold.
    private func isIntendedMercy(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains(/\\u[dD][89a-fA-F]/) || text.contains(/[eE][+-]?[0-9]{3,}/) || text.contains(/[0-9]{19,}/)
    }

    /// Where we refuse more than Foundation, by intent.
    private func isIntendedRigor(_ violation: JSONViolation, _ bytes: [UInt8]) -> Bool {
        switch violation.reason {
        case .duplicateKey, .escapedKey, .byteOrderMark, .tooDeep: true
        // Foundation passes a comma behind the last member, which the standard does not.
        case .expectedKey: bytes[violation.offset] == UInt8(ascii: "}")
        default: false
        }
    }

    @Test func `the seeds are accepted by both`() {
        for seed in seeds {
            #expect(ours(Array(seed.utf8)) == .accepted)
            #expect(theirs(Array(seed.utf8)))
        }
    }

    @Test(arguments: 0..<8)
    func `mangled documents get the same verdict as from Foundation, but for the differences that are meant`(
        _ seed: Int
    ) {
        var chance = Chance(UInt64(seed + 1))
        var accepted = 0
        for _ in 0..<1000 {
            let bytes = mangled(&chance)
            let text = String(decoding: bytes, as: UTF8.self)
            switch ours(bytes) {
            case .accepted:
                accepted += 1
                #expect(theirs(bytes) || isIntendedMercy(bytes), "we alone accept \(text)")
            case .refused(let violation):
                #expect(!theirs(bytes) || isIntendedRigor(violation, bytes), "we alone refuse (\(violation)) \(text)")
            }
        }
        // The corpus is worth something only if it holds both kinds.
        #expect(accepted > 50 && accepted < 950)
    }
}
