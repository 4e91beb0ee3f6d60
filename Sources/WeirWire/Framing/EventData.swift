import WeirCore

/// The data of one event of a stream (WHATWG HTML, "server-sent events"), found in the event's text.
struct EventData {
    /// Where the data stands, when it stands in one line; empty when there is none.
    private(set) var range = 0..<0
    /// Data of several lines, joined by line feeds as the standard has it; nil otherwise.
    private(set) var joined: [UInt8]?
    private(set) var isPresent = false
    /// The event's name is `error`.
    private(set) var isNamedError = false
    /// For each line of `joined`: where it starts there, and where its text stands in the event.
    private var lines: [(start: Int, range: Range<Int>)] = []

    /// - Parameters:
    ///   - event: from the event's first line to the blank line that ends it, which may be missing.
    ///   - lineCount: how many lines are not blank.
    init(of event: UnsafeRawBufferPointer, lineCount: Int) {
        guard let base = event.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        var at = 0
        var end = event.count
        if end >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { at = 3 }  // only ever at a stream's start
        if lineCount == 1 {
            while end > at, base[end - 1] == 0x0A || base[end - 1] == 0x0D { end -= 1 }
            readLine(base, at..<end)
            return
        }
        while at < end {
            let stop = ByteRun.line(base, at, end)
            readLine(base, at..<stop)
            at = stop + 1
        }
        if lines.count > 1 { join(event) }
    }

    private mutating func readLine(_ base: UnsafePointer<UInt8>, _ line: Range<Int>) {
        guard line.count >= 4 else { return }
        if base[line.lowerBound] == UInt8(ascii: "d") {
            guard let value = EventData.value(of: "data", base, line) else { return }
            if isPresent {
                if lines.isEmpty { lines.append((0, range)) }
                lines.append((0, value))
            } else {
                range = value
                isPresent = true
            }
        } else if base[line.lowerBound] == UInt8(ascii: "e"), let name = EventData.value(of: "event", base, line) {
            isNamedError = ByteRun.equals(base, name, "error")
        }
    }

    /// What stands behind the field's colon and one space; nil when the line is another field.
    private static func value(
        of field: StaticString, _ base: UnsafePointer<UInt8>, _ line: Range<Int>
    ) -> Range<Int>? {
        let count = field.utf8CodeUnitCount
        guard line.count >= count, ByteRun.equals(base, line.lowerBound..<line.lowerBound + count, field) else {
            return nil
        }
        var at = line.lowerBound + count
        if at == line.upperBound { return at..<at }
        guard base[at] == UInt8(ascii: ":") else { return nil }
        at += 1
        if at < line.upperBound, base[at] == 0x20 { at += 1 }
        return at..<line.upperBound
    }

    private mutating func join(_ event: UnsafeRawBufferPointer) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count)
        for index in lines.indices {
            if index > 0 { bytes.append(0x0A) }
            lines[index].start = bytes.count
            bytes.append(contentsOf: event[lines[index].range])
        }
        joined = bytes
    }

    /// Where a range of the data stands in the event; nil when it spans lines.
    func place(of part: Range<Int>) -> Range<Int>? {
        guard joined != nil else { return part.lowerBound + range.lowerBound..<part.upperBound + range.lowerBound }
        guard let line = lines.last(where: { $0.start <= part.lowerBound }) else { return nil }
        let lower = part.lowerBound - line.start + line.range.lowerBound
        guard lower + part.count <= line.range.upperBound else { return nil }
        return lower..<lower + part.count
    }

    /// Reads the data.
    func reading(in event: UnsafeRawBufferPointer, seeksContent: Bool, seeksModel: Bool) -> EventReading {
        if let joined {
            return joined.withUnsafeBytes {
                EventReading($0, seeksContent: seeksContent, seeksModel: seeksModel)
            }
        }
        let data = UnsafeRawBufferPointer(rebasing: event[range])
        return EventReading(data, seeksContent: seeksContent, seeksModel: seeksModel)
    }
}
