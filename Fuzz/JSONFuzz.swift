// Gives arbitrary bytes to the readers of bodies: `scripts/fuzz.sh json 300`.
//
// The first byte chooses the reader, the second one how the rest is cut. Whatever the rest is, a reader must neither trap
// nor read beyond it (the address sanitizer watches) and only name ranges within it; what was accepted must be accepted
// after a patch, and what a stream becomes must not depend on its cuts.
import NIOCore
import WeirCore
import WeirWire

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count >= 2 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: data + 2, count: count - 2))
    switch data[0] % 5 {
    case 0: fuzzScan(input, seed: data[1])
    case 1: fuzzLookups(input)
    case 2: fuzzStream(input, seed: data[1])
    case 3: fuzzMultipart(input)
    default: fuzzText(input)
    }
    return 0
}

/// The input in a block of exactly its size, so that one byte too far is seen.
private func exactly<T>(_ input: [UInt8], _ body: (UnsafeRawBufferPointer) -> T) -> T {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count, alignment: 1)
    defer { block.deallocate() }
    block.copyBytes(from: input)
    return body(UnsafeRawBufferPointer(block))
}

private func scan(_ input: [UInt8]) -> [JSONMember]? {
    exactly(input) { bytes in
        do throws(JSONViolation) {
            return try JSONScanner.scan(bytes, maximumDepth: 40).members
        } catch {
            precondition(error.offset >= 0 && error.offset <= bytes.count)
            precondition(!error.message(in: bytes).isEmpty)
            return nil
        }
    }
}

private func fuzzScan(_ input: [UInt8], seed: UInt8) {
    guard let members = scan(input) else { return }
    precondition(String(validating: input, as: UTF8.self) != nil, "accepted text is not UTF-8")
    var last = 0
    for member in members {
        precondition(member.key.lowerBound > last && member.key.upperBound < member.value.lowerBound)
        precondition(member.value.upperBound < input.count && !member.value.isEmpty)
        last = member.value.upperBound
    }
    exactly(input) { bytes in
        precondition(JSONScanner.members(of: 0..<bytes.count, in: bytes, limit: .max) == members)
        for member in members where bytes[member.value.lowerBound] == UInt8(ascii: "\"") {
            precondition((try? JSONText.string(bytes, member.value)) != nil, "an accepted string is unreadable")
        }
    }
    var patch = JSONPatch(members: members)
    var kept: [[UInt8]] = []
    for (index, member) in members.enumerated() {
        if seed >> (index % 7) & 1 == 1 {
            patch.remove(member)
        } else {
            kept.append(Array(input[member.key]))
            if index % 2 == 0 { patch.replace(member.value, with: Bytes(string: "[0]")) }
        }
    }
    let name = Array("never so named".utf8)
    guard !kept.contains(name) else { return }
    patch.insert("never so named", value: "null")
    let joinBelow = Int(seed >> 4)
    guard let pieces = try? patch.pieces(of: Bytes(bytes: input), joinBelow: joinBelow, wholeBelow: 0) else {
        preconditionFailure("a patch without overlaps was refused")
    }
    let result = pieces.flatMap { Array($0.readableBytesView) }
    guard let after = scan(result) else { preconditionFailure("a patched object is refused") }
    precondition(after.map { Array(result[$0.key]) } == kept + [name])
}

private func fuzzLookups(_ input: [UInt8]) {
    exactly(input) { bytes in
        let all = 0..<bytes.count
        for member in JSONScanner.members(of: all, in: bytes) {
            precondition(member.key.upperBound < member.value.lowerBound && member.value.upperBound <= bytes.count)
            for inner in JSONScanner.elements(of: member.value, in: bytes) {
                precondition(inner.lowerBound > member.value.lowerBound && inner.upperBound <= member.value.upperBound)
            }
            _ = try? JSONText.string(bytes, member.value)
            _ = JSONText.int(bytes, member.value)
        }
        if let found = JSONScanner.member(of: all, named: "usage", in: bytes) {
            precondition(found.upperBound <= bytes.count && !found.isEmpty)
        }
        if let usage = UsageReader.usage(inReply: bytes) {
            precondition(usage.promptTokens >= 0 && usage.completionTokens >= 0)
            precondition(usage.totalTokens >= usage.promptTokens + usage.completionTokens)
        }
        if let model = UsageReader.modelRange(inReply: bytes) { precondition(model.upperBound <= bytes.count) }
    }
    // The same behind so much text that replies are read from their end.
    let long = Array("{\"x\":\"".utf8) + [UInt8](repeating: 0x79, count: 2500) + Array("\",".utf8) + input.dropFirst()
    exactly(long) { bytes in
        _ = UsageReader.usage(inReply: bytes)
        if let model = UsageReader.modelRange(inReply: bytes) { precondition(model.upperBound <= bytes.count) }
    }
}

private struct StreamResult: Equatable {
    var text: [UInt8] = []
    var usage: Usage?
    var flags: [Bool] = []
    var eventCount = 0

    init(_ input: [UInt8], seed: UInt8?, edits: UInt8, limit: Int) {
        var editor = StreamEditor(
            model: edits & 1 == 1 ? Bytes(string: "\"public\"") : nil, dropsUsageChunk: edits & 2 == 2,
            maximumEvent: limit)
        var state = UInt32(seed ?? 0)
        var from = 0
        while from < input.count {
            var to = input.count
            if seed != nil {
                state = state &* 1_664_525 &+ 1_013_904_223
                to = min(to, from + (seed == 0 ? 1 : Int(state >> 24 & 31) + 1))
            }
            if let out = editor.feed(Bytes(bytes: input[from..<to])) { text += Array(out.readableBytesView) }
            from = to
        }
        if let out = editor.finish() { text += Array(out.readableBytesView) }
        usage = editor.usage
        flags = [editor.sawDone, editor.sawError, editor.sawContent, editor.isFinished]
        eventCount = editor.eventCount
    }
}

private func fuzzStream(_ input: [UInt8], seed: UInt8) {
    for edits in UInt8(0)...3 {
        for limit in [StreamEditor.maximumEvent, Int(seed)] {
            let whole = StreamResult(input, seed: nil, edits: edits, limit: limit)
            let cut = StreamResult(input, seed: seed, edits: edits, limit: limit)
            precondition(whole == cut, "at once \(whole), in pieces \(cut)")
            precondition(edits != 0 || whole.text == input)
        }
    }
}

private func fuzzMultipart(_ input: [UInt8]) {
    exactly(input) { bytes in
        do throws(MultipartViolation) {
            let form = try MultipartScanner.scan(contentType: "multipart/form-data; boundary=ab", body: bytes)
            var last = 0
            for part in form.parts {
                precondition(part.header.lowerBound > last && part.header.upperBound < part.value.lowerBound)
                precondition(part.value.upperBound < bytes.count)
                last = part.value.upperBound
            }
            precondition(form.parts.count <= MultipartScanner.maximumParts)
        } catch {
            precondition(error.offset >= 0 && error.offset <= bytes.count && !error.message.isEmpty)
        }
    }
    let type = String(decoding: input, as: UTF8.self)
    _ = try? MultipartScanner.scan(contentType: type, body: UnsafeRawBufferPointer(start: nil, count: 0))
}

/// Any text that is written comes back.
private func fuzzText(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let written = Array(JSONWriter.text(of: text).readableBytesView)
    exactly(written) { bytes in precondition((try? JSONText.string(bytes, 0..<bytes.count)) == text) }
    precondition(scan(Array("{\"k\":".utf8) + written + Array("}".utf8)) != nil)
    exactly(input) { bytes in
        var writer = JSONWriter()
        writer.string(bytes: bytes)
        precondition(Array(writer.buffer.readableBytesView) == written)
        _ = try? JSONText.string(bytes, 0..<bytes.count)
        if !input.isEmpty { _ = JSONText.int(bytes, 0..<bytes.count) }
    }
}
