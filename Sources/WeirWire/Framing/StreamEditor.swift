import NIOCore
package import WeirCore

/// Follows a stream of server-sent events on its way to the client: notes what the relay must know of it, and changes
/// what the client shall not see.
///
/// Framing is read as the WHATWG standard has it: lines end in LF, CR or CRLF, an event ends with a blank line. All bytes
/// pass as they came but for the edits asked for. Without edits the very buffers that are fed are given back at once; with
/// edits, events are given on when they are complete. What comes out, taken together, does not depend on how the
/// stream is cut into pieces.
package struct StreamEditor: Sendable {
    /// An event with more bytes than this is passed on unread and unedited, and counts as content.
    package static let maximumEvent = 1 << 20

    /// The usage that was told last.
    package private(set) var usage: Usage?
    /// `[DONE]` was seen.
    package private(set) var sawDone = false
    /// An event carried an `error` member that is not null, was named `error`, or was a Responses event of that kind.
    package private(set) var sawError = false
    /// Text, reasoning, a tool call or the like was seen: more than a role and empty values.
    package private(set) var sawContent = false
    /// A finish reason that is neither null nor empty was seen, or the last event of a response.
    package private(set) var isFinished = false
    /// Events with data, `[DONE]` and what was cut out included.
    package private(set) var eventCount = 0

    private let model: Bytes?
    private let dropsUsageChunk: Bool
    private let limit: Int
    private let edits: Bool

    /// The beginning of an event whose end has not come.
    private var held = Bytes()
    /// The event that is arriving has passed the limit; what was held of it is gone.
    private var isOverlong = false
    private var lineIsEmpty = true
    /// Lines of the arriving event that have ended and are not blank.
    private var lineCount = 0
    /// The last byte was a carriage return: a line feed would belong to it.
    private var endedInReturn = false
    private var cutLast = false
    /// The last event of plain text, and how many since it were not like it.
    private var template: EventTemplate?
    private var unlike = 0
    /// When so many events in a row were like none before, only some are made templates of.
    private static let patience = 4

    /// - Parameters:
    ///   - model: JSON text (a string with its quotes) to put in the place of each event's top-level `model` and of
    ///     `response.model`; nil leaves them.
    ///   - dropsUsageChunk: cuts out the event with empty `choices` and a `usage` object, which the client did not ask for.
    ///   - maximumEvent: for tests; see `StreamEditor.maximumEvent`.
    package init(
        model: Bytes? = nil, dropsUsageChunk: Bool = false, maximumEvent: Int = StreamEditor.maximumEvent
    ) {
        self.model = model
        self.dropsUsageChunk = dropsUsageChunk
        limit = maximumEvent
        edits = model != nil || dropsUsageChunk
    }

    /// Takes the next bytes of the stream; gives those that go on to the client, nil when there are none yet.
    package mutating func feed(_ bytes: Bytes) -> Bytes? {
        guard bytes.readableBytes > 0 else { return nil }
        var output = StreamOutput(bytes)
        bytes.withUnsafeReadableBytes { raw in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
            scan(base, raw.count, &output)
        }
        return edits ? output.finish() : bytes
    }

    /// The stream has ended: gives what was held, read and edited as if a blank line had come.
    package mutating func finish() -> Bytes? {
        defer {
            held = Bytes()
            isOverlong = false
            lineIsEmpty = true
            lineCount = 0
            endedInReturn = false
        }
        guard held.readableBytes > 0 else { return nil }
        let event = held
        if !lineIsEmpty { lineCount += 1 }
        var output = StreamOutput(event)
        event.withUnsafeReadableBytes { read($0, at: 0, &output) }
        return edits ? output.finish() : nil
    }

    private mutating func scan(_ base: UnsafePointer<UInt8>, _ count: Int, _ output: inout StreamOutput) {
        var at = 0
        var start = 0
        if endedInReturn {
            endedInReturn = false
            if base[0] == 0x0A {
                at = 1
                // Between two events, the line feed belongs to the one that is gone.
                if held.readableBytes == 0, !isOverlong {
                    start = 1
                    if cutLast { output.cut(0..<1) } else { output.release(upTo: 1) }
                }
            }
        }
        while at < count {
            if at == start, template != nil, let next = passAlike(base, at, count, &output) {
                at = next
                start = next
                continue
            }
            let lineEnd = ByteRun.line(base, at, count)
            if lineEnd > at { lineIsEmpty = false }
            guard lineEnd < count else { break }
            at = lineEnd &+ 1
            if base[lineEnd] == 0x0D {
                if at == count {
                    endedInReturn = true
                } else if base[at] == 0x0A {
                    at &+= 1
                }
            }
            if lineIsEmpty {
                complete(base, start..<at, size: lineEnd &- start, &output)
                start = at
            } else {
                lineCount &+= 1
                lineIsEmpty = true
            }
        }
        if start < count { hold(base, start..<count, &output) }
    }

    /// Passes an event that is like the last one. The index behind it; nil when it is not, or when more than it is arriving.
    @inline(__always)
    private mutating func passAlike(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ output: inout StreamOutput
    ) -> Int? {
        guard held.readableBytes == 0, !isOverlong, let end = template?.end(base, start, count), end - start <= limit
        else { return nil }
        eventCount += 1
        unlike = 0
        cutLast = false
        guard edits else { return end }
        if let model, let place = template?.edit(in: start..<end) { output.replace(place, with: model) }
        output.release(upTo: end)
        return end
    }

    /// An event ends at the end of `range`; `size` is the part of it before its blank line.
    private mutating func complete(
        _ base: UnsafePointer<UInt8>, _ range: Range<Int>, size: Int, _ output: inout StreamOutput
    ) {
        defer {
            isOverlong = false
            lineCount = 0
        }
        let isTooLong = isOverlong || held.readableBytes + size > limit
        if held.readableBytes == 0 {
            if isTooLong {
                passOverlong(range.upperBound, &output)
            } else {
                let event = UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
                read(event, at: range.lowerBound, &output)
            }
            return
        }
        var event = held
        held = Bytes()
        if isTooLong {
            if edits { output.put(event) }
            passOverlong(range.upperBound, &output)
            return
        }
        event.writeBytes(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
        var whole = StreamOutput(event)
        event.withUnsafeReadableBytes { read($0, at: 0, &whole) }
        if edits, let text = whole.finish() { output.put(text) }
        output.cut(range)
    }

    /// The event's beginning stands in `range`, its end has not come.
    private mutating func hold(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ output: inout StreamOutput) {
        if !isOverlong, held.readableBytes + range.count > limit {
            isOverlong = true
            if edits { output.put(held) }
            held = Bytes()
        }
        if isOverlong {
            output.release(upTo: range.upperBound)
            return
        }
        if held.readableBytes == 0 { held = ByteBufferAllocator().buffer(capacity: max(range.count * 2, 1024)) }
        held.writeBytes(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    private mutating func passOverlong(_ end: Int, _ output: inout StreamOutput) {
        cutLast = false
        eventCount += 1
        sawContent = true
        output.release(upTo: end)
    }

    /// Reads a whole event and releases what shall remain of it; it stands at `start` in the output's source.
    private mutating func read(_ event: UnsafeRawBufferPointer, at start: Int, _ output: inout StreamOutput) {
        cutLast = false
        defer { if !cutLast { output.release(upTo: start + event.count) } }
        guard lineCount > 0 else { return }
        let data = EventData(of: event, lineCount: lineCount)
        guard data.isPresent else { return }
        eventCount += 1
        let reading = data.reading(in: event, seeksContent: !sawContent, seeksModel: model != nil)
        sawDone = sawDone || reading.isDone
        sawError = sawError || reading.isError || data.isNamedError
        sawContent = sawContent || reading.hasContent
        isFinished = isFinished || reading.isFinish
        usage = reading.usage ?? usage
        if dropsUsageChunk, reading.isUsageOnly {
            cutLast = true
            output.cut(start..<start + event.count)
            return
        }
        let places = places(of: reading, data, event)
        if sawContent, reading.saysNothing, !data.isNamedError, lineCount == 1, places.count < 2 {
            learn(event, data.range, edit: places.first)
        }
        guard let model else { return }
        for place in places {
            output.replace(start + place.lowerBound..<start + place.upperBound, with: model)
        }
    }

    /// Where in the event another model's name stands than the client shall see.
    private func places(
        of reading: EventReading, _ data: EventData, _ event: UnsafeRawBufferPointer
    ) -> [Range<Int>] {
        guard let model else { return [] }
        return [reading.model, reading.responseModel].compactMap { $0.flatMap(data.place) }
            .filter { place in
                !model.withUnsafeReadableBytes { $0.elementsEqual(event[place]) }
            }
            .sorted { $0.lowerBound < $1.lowerBound }
    }

    private mutating func learn(_ event: UnsafeRawBufferPointer, _ data: Range<Int>, edit: Range<Int>?) {
        unlike += 1
        guard unlike <= Self.patience || unlike % 16 == 0 else { return }
        template = EventTemplate(event, data: data, edit: edit)
    }
}
