import Testing
import WeirWire

struct FieldLinesTests {
    private func walk(_ text: String, _ fields: Range<Int>) -> [[String]] {
        Array(text.utf8).withUnsafeBytes { bytes in
            var lines = FieldLines(bytes, fields)
            var found: [[String]] = []
            while let (name, value) = lines.next() { found.append([name.text(in: text), value.text(in: text)]) }
            return found
        }
    }

    @Test func `all lines of a head are given with trimmed values, and nothing of the body`() throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nB:\t c:d \t\r\nE:\r\nF: g\r\n\r\nI: j\r\n"
        guard case .head(let head) = HTTP1Reading.request(text) else {
            Issue.record("not read")
            return
        }
        #expect(walk(text, head.fields) == [["Host", "a"], ["B", "c:d"], ["E", ""], ["F", "g"]])
    }

    @Test(arguments: ["", "a", "a: b", "a\r\n", "\r\n", "\n", ":", ":\n", "a:\n"])
    func `a walk over what was never scanned ends without harm`(text: String) {
        for end in 0...text.utf8.count + 1 { #expect(walk(text, 0..<end).count <= 1) }
    }

    @Test func `names are compared without the case of letters only`() {
        let text = "X-Api-Key [\\]^_"
        Array(text.utf8).withUnsafeBytes { bytes in
            #expect(fieldNameEquals(bytes, 0..<9, "x-api-key"))
            #expect(!fieldNameEquals(bytes, 0..<8, "x-api-key"))
            #expect(!fieldNameEquals(bytes, 0..<9, "x-api-kez"))
            #expect(!fieldNameEquals(bytes, 10..<15, "{|}~\u{7F}"))
            #expect(!fieldNameEquals(bytes, 10..<16, "[\\]^_x"))
            #expect(fieldNameEquals(bytes, 3..<3, ""))
        }
    }
}
