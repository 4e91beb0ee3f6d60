import Foundation
import NIOCore
import Testing
import WeirWire

@Suite struct JSONWriterTests {
    @Test func `values are separated where they must be`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", "x")
        writer.key("empty")
        writer.beginArray()
        writer.endArray()
        writer.key("list")
        writer.beginArray()
        for number in [0, -1, 10, Int.max, Int.min] { writer.int(number) }
        writer.beginObject()
        writer.endObject()
        writer.null()
        writer.bool(false)
        writer.raw("0.0000204")
        writer.raw(ByteBuffer(string: "[1]"))
        writer.endArray()
        writer.member("none", nil)
        writer.member("on", bool: true)
        writer.member("n", int: 7)
        writer.member("cost", raw: "1.5")
        writer.key("dynamic\"key")
        writer.string("é")
        writer.endObject()
        writer.newline()
        writer.beginObject()
        writer.endObject()
        #expect(
            String(buffer: writer.buffer)
                == #"{"id":"x","empty":[],"list":[0,-1,10,9223372036854775807,-9223372036854775808,{},null,false,"#
                + #"0.0000204,[1]],"none":null,"on":true,"n":7,"cost":1.5,"dynamic\"key":"é"}"# + "\n{}")
    }

    @Test func `every string comes back as it was`() throws {
        var chance = Chance(3)
        let parts = [
            "\"", "\\", "\n", "\r", "\t", "\u{8}", "\u{C}", "\u{0}", "\u{1F}", "\u{7F}", "é", "—", "😀", "/", "\u{2028}",
        ]
        for length in 0..<60 {
            for _ in 0..<10 {
                let text = (0..<length).map { _ in chance.below(4) == 0 ? parts[chance.below(parts.count)] : "a" }
                    .joined()
                let written = JSONWriter.text(of: text)
                let bytes = Array(written.readableBytesView)
                let back = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) as? String
                #expect(back.map { Array($0.utf8) } == Array(text.utf8))
                let read = try bytes.withUnsafeBytes { raw in try JSONText.string(raw, 0..<raw.count) }
                #expect(read == text)
                let object = Array("{\"k\":".utf8) + bytes + Array("}".utf8)
                #expect(throws: Never.self) { try object.withUnsafeBytes { _ = try JSONScanner.scan($0) } }
            }
        }
    }

    @Test func `bytes of unknown origin become valid text`() {
        var writer = JSONWriter()
        writer.string(bytes: UnsafeRawBufferPointer(start: nil, count: 0))
        [UInt8]([0x61, 0xFF, 0x22, 0x0A]).withUnsafeBytes {
            writer.newline(); writer.string(bytes: $0)
        }
        #expect(String(buffer: writer.buffer) == "\"\"\n\"a\u{FFFD}\\\"\\n\"")
    }

    @Test func `a writer goes on behind what the buffer holds`() {
        var writer = JSONWriter(appendingTo: ByteBuffer(string: "data: "))
        writer.beginArray()
        writer.endArray()
        #expect(String(buffer: writer.buffer) == "data: []")
    }
}
