import Foundation
import NIOCore
import Testing
import WeirCore
import WeirWire

private func members(_ text: String) throws -> [JSONMember] {
    try Array(text.utf8).withUnsafeBytes { try JSONScanner.scan($0).members }
}

private func joined(_ pieces: [Bytes]) -> String { pieces.map { String(buffer: $0) }.joined() }

@Suite struct JSONPatchTests {
    @Test(arguments: [
        (#"{"a":1}"#, ["a"], "{}"), (#"{"a":1,"b":2}"#, ["a"], #"{"b":2}"#), (#"{"a":1,"b":2}"#, ["b"], #"{"a":1}"#),
        (#"{"a":1,"b":2,"c":3}"#, ["b"], #"{"a":1,"c":3}"#), (#"{"a":1,"b":2,"c":3}"#, ["a", "b"], #"{"c":3}"#),
        (#"{"a":1,"b":2,"c":3}"#, ["b", "c"], #"{"a":1}"#), (#"{"a":1,"b":2,"c":3}"#, ["c", "a"], #"{"b":2}"#),
        (#"{"a":1,"b":2,"c":3}"#, ["c", "b", "a"], "{}"), (#"{ "a" : 1 , "b" : 2 }"#, ["b"], #"{ "a" : 1 }"#),
        (#"{ "a" : 1 , "b" : 2 }"#, ["a"], #"{ "b" : 2 }"#), (#"{"a":1,"b":2}"#, ["a", "a"], #"{"b":2}"#),
    ])
    func `a member goes with its comma`(_ text: String, _ names: [String], _ expected: String) throws {
        let all = try members(text)
        var patch = JSONPatch(members: all)
        for name in names {
            let member = all.first { String(decoding: Array(text.utf8)[$0.key], as: UTF8.self) == name }
            patch.remove(try #require(member))
        }
        #expect(joined(try patch.pieces(of: Bytes(string: text))) == expected)
    }

    @Test(arguments: [
        ("{}", #"{"x":1}"#), (" { } ", #" {"x":1 } "#), (#"{"a":1}"#, #"{"a":1,"x":1}"#),
        ("{\"a\":[1]\n}\n", "{\"a\":[1],\"x\":1\n}\n"),
    ])
    func `a member is added behind all others`(_ text: String, _ expected: String) throws {
        var patch = JSONPatch(members: try members(text))
        patch.insert("x", value: "1")
        #expect(joined(try patch.pieces(of: Bytes(string: text))) == expected)
    }

    @Test func `several edits in any order make one text`() throws {
        let text = #"{"model":"a","stream":true,"n":1}"#
        let all = try members(text)
        var patch = JSONPatch(members: all)
        #expect(patch.isEmpty)
        patch.insert(key: Bytes(string: "\"y\""), value: Bytes(string: "[]"))
        patch.remove(all[2])
        patch.replace(all[0].value, with: Bytes(string: "\"longer\""))
        patch.insert("z", value: "0")
        #expect(!patch.isEmpty)
        #expect(joined(try patch.pieces(of: Bytes(string: text))) == #"{"model":"longer","stream":true,"y":[],"z":0}"#)
    }

    @Test func `a replaced last value and an added member do not meet`() throws {
        let text = #"{"a":1}"#
        let all = try members(text)
        var patch = JSONPatch(members: all)
        patch.insert("b", value: "2")
        patch.replace(all[0].value, with: Bytes(string: "9"))
        #expect(joined(try patch.pieces(of: Bytes(string: text))) == #"{"a":9,"b":2}"#)
    }

    @Test func `edits of the same bytes are refused`() throws {
        let text = #"{"a":1,"b":2}"#
        let all = try members(text)
        var patch = JSONPatch(members: all)
        patch.remove(all[0])
        patch.replace(all[0].value, with: Bytes(string: "9"))
        #expect(throws: PatchConflict.overlap(1..<7, 5..<6)) { try patch.pieces(of: Bytes(string: text)) }
        var outside = BytePatch()
        outside.replace(3..<99, with: Bytes())
        #expect(throws: PatchConflict.outside(3..<99)) { try outside.pieces(of: Bytes(string: text)) }
        var list = JSONPatch(members: [])
        list.insert("a", value: "1")
        #expect(throws: PatchConflict.notAnObject) { try list.pieces(of: Bytes(string: "[]")) }
    }

    @Test func `any set of removals and additions gives what a rebuilt object has`() throws {
        for mask in 0..<32 {
            for added in 0...2 {
                for space in ["", " ", "\n  "] {
                    let names = ["a", "b", "c", "d", "e"]
                    let text =
                        "{\(space)"
                        + names.map { "\"\($0)\"\(space):\(space)\"\($0)}\"" }.joined(separator: "\(space),\(space)")
                        + "\(space)}"
                    let all = try members(text)
                    var patch = JSONPatch(members: all)
                    for (index, member) in all.enumerated() where mask >> index & 1 == 1 { patch.remove(member) }
                    for index in 0..<added { patch.insert(index == 0 ? "x" : "y", value: "[\(index)]") }
                    let result = joined(try patch.pieces(of: Bytes(string: text)))
                    let kept =
                        names.indices.filter { mask >> $0 & 1 == 0 }.map { names[$0] } + ["x", "y"].prefix(added)
                    let found = try members(result).map { String(decoding: Array(result.utf8)[$0.key], as: UTF8.self) }
                    #expect(found == kept, "\(result)")
                }
            }
        }
    }

    @Test func `a patch without edits is the body itself`() throws {
        let body = Bytes(string: "{}")
        #expect(try BytePatch().pieces(of: body) == [body])
        #expect(try BytePatch().pieces(of: Bytes()) == [])
    }

    @Test func `ranges count from the reader index`() throws {
        var body = Bytes(string: "junk{\"a\":1}")
        body.moveReaderIndex(forwardBy: 4)
        var patch = BytePatch()
        patch.replace(5..<6, with: Bytes(string: "2"))
        #expect(joined(try patch.pieces(of: body)) == "{\"a\":2}")
    }

    @Test func `long runs keep their storage and small ones are joined`() throws {
        let long = String(repeating: "x", count: 20_000)
        let text = "{\"model\":\"m\",\"a\":\"\(long)\",\"b\":1,\"c\":\"\(long)\"}"
        let body = Bytes(string: text)
        var patch = JSONPatch(members: try members(text))
        patch.replace(9..<12, with: Bytes(string: "\"other\""))
        patch.replace(text.utf8.count - 20_003 - 6..<text.utf8.count - 20_003 - 5, with: Bytes(string: "22"))
        let pieces = try patch.pieces(of: body)
        let plain = joined(pieces)
        #expect(plain.utf8.count == text.utf8.count + 4 + 1)
        #expect(pieces.map(\.readableBytes).filter { $0 >= 4096 }.count == 2)
        #expect(pieces.count <= 5)
        let start = body.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        for piece in pieces where piece.readableBytes >= 4096 {
            let at = piece.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
            #expect(at >= start && at < start + UInt(body.readableBytes), "a long run was copied")
        }
        #expect(try BytePatchResult.single(of: "{\"a\":1}", replacing: 5..<6, with: "2").count == 1)
    }
}

private enum BytePatchResult {
    static func single(of text: String, replacing range: Range<Int>, with other: String) throws -> [Bytes] {
        var patch = BytePatch()
        patch.replace(range, with: Bytes(string: other))
        return try patch.pieces(of: Bytes(string: text))
    }
}
