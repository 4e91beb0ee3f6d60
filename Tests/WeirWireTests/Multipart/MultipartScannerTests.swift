import NIOCore
import Testing
import WeirCore
import WeirWire

private let form = "multipart/form-data; boundary=AaB03x"

private func scan(_ body: String, _ type: String = form) -> Result<MultipartForm, MultipartViolation> {
    Array(body.utf8).withUnsafeBytes { raw in
        do throws(MultipartViolation) { return .success(try MultipartScanner.scan(contentType: type, body: raw)) } catch
        {
            return .failure(error)
        }
    }
}

private func part(_ disposition: String, _ value: String) -> String {
    "--AaB03x\r\nContent-Disposition: \(disposition)\r\n\r\n\(value)\r\n"
}

private func reason(_ body: String, _ type: String = form) -> MultipartViolation.Reason? {
    if case .failure(let violation) = scan(body, type) { violation.reason } else { nil }
}

private func closed(_ parts: String) -> String { parts + "--AaB03x--" }

private let refusedFrames: [(String, MultipartViolation.Reason)] = [
    ("", MultipartViolation.Reason.delimiterMissing), ("x", .delimiterMissing),
    ("preamble\r\n--AaB03x--", .delimiterMissing),
    ("--AaB03x", .truncated), ("--AaB03x\r\n", .truncated), ("--AaB03xy\r\n", .delimiterMalformed),
    ("--AaB03x\n\n", .delimiterMalformed),
    ("--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\n--AaB03x--", .delimiterMalformed),
    ("--AaB03x--x", .trailingBytes),
    ("--AaB03x\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue", .truncated),
    ("--AaB03x\r\nContent-Disposition: form-data; name=a\n\r\nv\r\n--AaB03x--", .headerMalformed),
    ("--AaB03x\r\nno colon\r\n\r\nv\r\n--AaB03x--", .headerMalformed),
    ("--AaB03x\r\nContent-Disposition: form-data; name=b;\r\n name=a\r\n\r\nv\r\n--AaB03x--", .headerMalformed),
    ("--AaB03x\r\nContent-Type: a/b\r\n\r\nv\r\n--AaB03x--", .dispositionMissing),
    (closed(part("attachment; name=a", "v")), .dispositionMissing),
    (closed(part("form-data", "v")), .nameMissing),
    (closed(part("form-data; name=a; name=b", "v")), .dispositionMalformed),
    (closed(part("form-data; name=a; name*=UTF-8''model", "v")), .dispositionMalformed),
    (closed(part("form-data; name=\"mod\\el\"", "v")), .dispositionMalformed),
    (closed(part("form-data; name=\"a", "v")), .dispositionMalformed),
    (
        part("form-data; name=a\r\nContent-Disposition: form-data; name=b", "v") + "--AaB03x--",
        .dispositionMalformed
    ),
    (
        part("form-data; name=a; x=\(String(repeating: "y", count: 9000))", "v") + "--AaB03x--",
        .headerTooLarge(limit: 8192)
    ),
    (String(repeating: part("form-data; name=a", "v"), count: 65) + "--AaB03x--", .tooManyParts(limit: 64)),
]

@Suite struct MultipartScannerTests {
    private let good =
        part("form-data; name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg", "\u{0}\r\n--AaB03\r\n\u{1}")
        + part("form-data; name=\"model\"", "whisper-1") + part("form-data;name=stream", "true") + "--AaB03x--\r\n"

    @Test func `parts are told with the ranges of their content`() throws {
        let found = try scan(good).get()
        let bytes = Array(good.utf8)
        #expect(found.parts.map(\.name) == ["file", "model", "stream"])
        #expect(found.parts.map(\.isFile) == [true, false, false])
        #expect(
            found.parts.map { String(decoding: bytes[$0.value], as: UTF8.self) }
                == ["\u{0}\r\n--AaB03\r\n\u{1}", "whisper-1", "true"])
        #expect(try MultipartScanner.scan(contentType: form, body: Bytes(string: good)) == found)
        let model = try #require(found.value(named: "model"))
        var patch = BytePatch()
        patch.replace(model, with: Bytes(string: "public"))
        let text = try patch.pieces(of: Bytes(string: good)).map { String(buffer: $0) }.joined()
        #expect(text == good.replacing("whisper-1", with: "public"))
    }

    @Test func `an empty content has an empty range`() throws {
        let body = "--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--AaB03x--"
        #expect(try scan(body).get().parts.map(\.value.count) == [0])
    }

    @Test func `a field that is given twice is neither`() throws {
        let body = part("form-data; name=\"model\"", "a") + part("form-data; name=\"model\"", "b") + "--AaB03x--"
        let found = try scan(body).get()
        #expect(found.value(named: "model") == nil)
        #expect(found.isRepeated("model") && !found.isRepeated("stream"))
    }

    @Test(arguments: [
        "multipart/form-data; boundary=AaB03x", "Multipart/Form-Data;boundary=\"AaB03x\"; charset=utf-8",
        "multipart/form-data; charset=utf-8; BOUNDARY=AaB03x ;",
    ])
    func `the boundary is found however it is written`(_ type: String) throws {
        #expect(try scan(good, type).get().parts.count == 3)
    }

    @Test func `a boundary may have every character that is found in the wild`() throws {
        let odd = "----=_Part/1_'()+,-.:=?"
        for type in ["multipart/form-data; boundary=\"\(odd)\"", "multipart/form-data; boundary=\(odd)"] {
            #expect(try scan(good.replacing("AaB03x", with: odd), type).get().parts.count == 3)
        }
    }

    @Test(arguments: [
        ("application/json", MultipartViolation.Reason.notFormData), ("multipart/mixed; boundary=a", .notFormData),
        ("multipart/form-data", .boundaryMissing), ("multipart/form-data; boundary=", .boundaryMalformed),
        ("multipart/form-data; boundary=\"\"", .boundaryMalformed),
        ("multipart/form-data; boundary=a; boundary=b", .boundaryMalformed),
        ("multipart/form-data; boundary=\"a", .boundaryMalformed),
        ("multipart/form-data; boundary=\"a \"", .boundaryMalformed),
        ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), .boundaryMalformed),
        ("multipart/form-data; boundary=AaB03x junk", .boundaryMalformed), ("", .notFormData),
    ])
    func `a content type that names no boundary is refused`(_ type: String, _ expected: MultipartViolation.Reason) {
        #expect(reason(good, type) == expected)
    }

    @Test(arguments: refusedFrames)
    func `a frame that two readers could read differently is refused`(
        _ body: String, _ expected: MultipartViolation.Reason
    ) {
        #expect(reason(body) == expected)
    }

    @Test func `sixty-four parts pass`() throws {
        let body = String(repeating: part("form-data; name=a", "v"), count: 64) + "--AaB03x--"
        #expect(try scan(body).get().parts.count == 64)
    }

    @Test func `every beginning of a body is refused`() {
        for end in 0..<good.utf8.count - 4 {
            let start = String(decoding: Array(good.utf8)[..<end], as: UTF8.self)
            #expect(reason(start) != nil, "\(start)")
        }
    }

    @Test func `contents that are almost delimiters are contents`() throws {
        let almost = ["\r\n--AaB03", "\r\n-", "\r", "\r\r\n", "\r\n--\r\n--AaB03\r\n", "\n--AaB03x", "-\r\n--AaB03"]
        for text in almost {
            for pad in 0..<40 {
                let value = String(repeating: "p", count: pad) + text
                let body = part("form-data; name=a", value) + "--AaB03x--"
                let found = try scan(body).get()
                #expect(found.parts.map { String(decoding: Array(body.utf8)[$0.value], as: UTF8.self) } == [value])
            }
        }
    }
}
