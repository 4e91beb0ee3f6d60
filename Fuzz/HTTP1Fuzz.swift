// Gives arbitrary bytes to the HTTP/1.1 readers: `scripts/fuzz.sh http1 300`.
//
// The first byte chooses the reader and the second one how the rest is split. Whatever the rest is, a reader must neither
// trap nor read beyond it (the address sanitizer watches), must find the same at once and in pieces, and must only name
// ranges that lie within what it read.
import NIOCore
import WeirCore
import WeirWire

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzHTTP1(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count >= 2 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: data + 2, count: count - 2))
    switch data[0] % 3 {
    case 0: fuzzRequest(input, seed: data[1])
    case 1: fuzzResponse(input, seed: data[1])
    default: fuzzChunks(input, seed: data[1])
    }
    return 0
}

/// Lengths of pieces from 1 to 16 bytes, or of a single byte each.
private struct Pieces {
    private var state: UInt32

    init(seed: UInt8) { state = UInt32(seed) }

    mutating func next() -> Int {
        guard state != 0 else { return 1 }
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int(state >> 24 & 15) + 1
    }
}

private enum Outcome<Head: Equatable>: Equatable { case head(Head), incomplete, violation(HTTPViolation) }

/// Small ones, so that inputs of a few hundred bytes reach them.
private func smallLimits() -> HTTPLimits {
    var limits = HTTPLimits()
    limits.headBytes = 400
    limits.fieldCount = 12
    limits.requestLineBytes = 120
    limits.chunkExtensionBytes = 40
    limits.trailerBytes = 60
    return limits
}

/// The outcome for `input` at once and for its pieces, which must be the same.
private func outcome<Head: Equatable>(
    _ input: [UInt8], _ seed: UInt8, _ scan: (UnsafeRawBufferPointer, inout Int) throws(HTTPViolation) -> Head?
) -> Outcome<Head> {
    func look(_ length: Int, _ resume: inout Int) -> Outcome<Head> {
        // A block of exactly this size, so that one byte too far is seen.
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
        defer { block.deallocate() }
        block.copyBytes(from: input[..<length])
        do throws(HTTPViolation) {
            return try scan(UnsafeRawBufferPointer(block), &resume).map { .head($0) } ?? .incomplete
        } catch {
            return .violation(error)
        }
    }
    var resume = 0
    let whole = look(input.count, &resume)
    var pieces = Pieces(seed: seed)
    var length = 0
    var split = Outcome<Head>.incomplete
    resume = 0
    while length < input.count, split == .incomplete {
        length = min(length + pieces.next(), input.count)
        split = look(length, &resume)
        precondition(resume >= 0 && resume <= length)
    }
    precondition(split == whole, "at once \(whole), in pieces \(split)")
    return whole
}

private func check(_ range: Range<Int>?, within outer: Range<Int>) {
    guard let range else { return }
    precondition(range.lowerBound >= outer.lowerBound && range.upperBound <= outer.upperBound)
}

private func checkFields(_ input: [UInt8], _ fields: Range<Int>, _ end: Int, _ limits: HTTPLimits) {
    precondition(end <= input.count && end <= limits.headBytes && fields.upperBound == end - 2)
    input.withUnsafeBytes { bytes in
        var lines = FieldLines(bytes, fields)
        var count = 0
        var length = 0
        while let (name, value) = lines.next() {
            count += 1
            check(name, within: fields)
            check(value, within: name.upperBound + 1..<fields.upperBound)
            precondition(!name.isEmpty && input[name].allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A })
            precondition(input[value].allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 })
            length += name.count + value.count + 3
        }
        precondition(count <= limits.fieldCount && length <= fields.count)
        precondition(count == input[fields].count { $0 == 10 })
    }
}

private func fuzzRequest(_ input: [UInt8], seed: UInt8) {
    let limits = smallLimits()
    let found = outcome(input, seed) { bytes, resume throws(HTTPViolation) in
        try RequestHead.scan(bytes, from: &resume, limits: limits)
    }
    guard case .head(let head) = found else { return }
    checkFields(input, head.fields, head.end, limits)
    check(head.target, within: head.methodRange.upperBound + 1..<head.fields.lowerBound - 10)
    check(head.path, within: head.target)
    check(head.query, within: head.target)
    let known = [
        head.authorization, head.apiKey, head.xAPIKey, head.litellmAPIKey, head.contentType, head.userAgent,
        head.callID, head.accept,
    ]
    for range in known { check(range, within: head.fields) }
    check(head.host, within: head.target.lowerBound..<head.fields.upperBound)
    precondition(head.contentLength == nil || !head.isChunked)
    precondition(head.contentLength ?? 0 >= 0)
    precondition(head.minorVersion == 0 || head.host != nil)
}

private func fuzzResponse(_ input: [UInt8], seed: UInt8) {
    let limits = smallLimits()
    let found = outcome(input, seed) { bytes, resume throws(HTTPViolation) in
        try ResponseHead.scan(bytes, from: &resume, toHead: seed & 1 == 1, limits: limits)
    }
    guard case .head(let head) = found else { return }
    checkFields(input, head.fields, head.end, limits)
    for range in [head.contentType, head.contentEncoding, head.retryAfter] { check(range, within: head.fields) }
    precondition((100...999).contains(head.status))
    precondition(head.contentLength == nil || !head.isChunked)
    precondition(!head.endsAtClose || !head.keepsAlive)
    var copied = Bytes()
    input.withUnsafeBytes { head.copyEndToEndFields(from: $0, into: &copied) }
    precondition(copied.readableBytes <= head.fields.count)
    // What was copied is again a head's fields, and nothing in it must be dropped a second time.
    let again = Array("HTTP/1.1 200 OK\r\n".utf8) + copied.readableBytesView + [13, 10]
    again.withUnsafeBytes { bytes in
        var resume = 0
        let second = try? ResponseHead.scan(bytes, from: &resume, toHead: true, limits: HTTPLimits())
        precondition(second?.end == again.count && second?.contentLength == nil && second?.isChunked == false)
        var twice = Bytes()
        second?.copyEndToEndFields(from: bytes, into: &twice)
        precondition(twice == copied)
    }
}

private struct Body: Equatable {
    var payload: [UInt8] = []
    var rest: [UInt8] = []
    var isDone = false
    var violation: HTTPViolation?
}

private func fuzzChunks(_ input: [UInt8], seed: UInt8) {
    var pieces = Pieces(seed: seed)
    let whole = body(input) { input.count }
    var split = body(input) { pieces.next() }
    precondition(whole.payload.count <= input.count && split.payload.count <= input.count)
    if whole.violation != nil {
        // Payload in front of a violation is given or not, as it arrived.
        precondition(split.payload.starts(with: whole.payload))
        split.payload = whole.payload
    }
    precondition(split == whole, "at once \(whole), in pieces \(split)")
}

private func body(_ input: [UInt8], _ next: () -> Int) -> Body {
    var decoder = ChunkDecoder(limits: smallLimits())
    var buffer = Bytes()
    var body = Body()
    var at = 0
    do throws(HTTPViolation) {
        while at < input.count, !decoder.isDone {
            let end = min(at + next(), input.count)
            buffer.writeBytes(input[at..<end])
            at = end
            while let payload = try decoder.decode(&buffer) { body.payload += payload.readableBytesView }
            precondition(decoder.isDone || buffer.readableBytes == 0)
        }
    } catch {
        body.violation = error
    }
    body.isDone = decoder.isDone
    body.rest = body.isDone ? Array(buffer.readableBytesView) + input[at...] : []
    return body
}
