import Foundation
import Synchronization
import Testing
import WeirCore
import WeirTelemetry

@Suite struct AccessLogWriterTests {
    private let pipe = Pipe()
    private var writeEnd: Int32 { pipe.fileHandleForWriting.fileDescriptor }

    private static let time = TimeSource(
        monotonic: {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        }, wall: { 0 })

    @Test func `a running writer is woken by the first line, without being stopped`() throws {
        let writer = try AccessLogWriter(descriptor: writeEnd, time: Self.time)
        let buffer = writer.makeBuffer()
        try writer.start()
        for _ in 0..<3 {
            buffer.append(Sample.served())
            // Returns as soon as the writer has written; hangs if nobody wakes it.
            let bytes = pipe.fileHandleForReading.availableData
            #expect(bytes.last == UInt8(ascii: "\n"))
        }
        #expect(writer.stop())
    }

    @Test func `lines of all loops are written whole, each once, before stop returns`() throws {
        let writer = try AccessLogWriter(descriptor: writeEnd, time: Self.time)
        try writer.start()
        let reader = PipeReader(pipe.fileHandleForReading)
        for loop in 0..<4 {
            let buffer = writer.makeBuffer()
            for number in 0..<2_000 {
                let event = Sample.served()
                event.callID = "\(loop)-\(number)"
                buffer.append(event)
            }
        }
        #expect(writer.stop(patience: .seconds(20)))
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: reader.wait(), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 8_000)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"time\":") && $0.hasSuffix("}") })
        let ids = lines.compactMap { $0.split(separator: "\"").dropFirst(7).first }
        #expect(Set(ids).count == 8_000)
        #expect(writer.linesDropped == 0)
    }

    @Test func `a sink that takes nothing costs lines, which are counted, and stop gives up in time`() throws {
        let writer = try AccessLogWriter(descriptor: writeEnd, time: Self.time, laneCapacity: 100_000)
        let buffer = writer.makeBuffer()
        try writer.start()
        // A pipe holds 64 KiB, the lane 100 KB and the writer another lane's worth: the rest finds no room.
        for _ in 0..<5_000 { buffer.append(Sample.served()) }
        #expect(writer.linesDropped > 3_000)
        let before = Self.time.monotonic()
        #expect(!writer.stop(patience: .milliseconds(50)))
        #expect(Self.time.monotonic() - before < 1_500_000_000)
        try pipe.fileHandleForWriting.close()
        let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
        let written = bytes.count { $0 == UInt8(ascii: "\n") }
        #expect(written > 0)
        #expect(UInt64(written) + writer.linesDropped == 5_000)
    }

    @Test func `a sink that is gone costs lines and nothing else`() throws {
        let writer = try AccessLogWriter(descriptor: writeEnd, time: Self.time)
        let buffer = writer.makeBuffer()
        try pipe.fileHandleForReading.close()
        for _ in 0..<5 { buffer.append(Sample.served()) }
        try writer.start()
        #expect(!writer.stop())
        #expect(writer.linesDropped == 5)
        #expect(writer.sinkError == EPIPE)
    }

    @Test func `a file gets everything`() throws {
        let path = NSTemporaryDirectory() + "weir-access-log-\(getpid())"
        let descriptor = open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0o600)
        defer {
            close(descriptor)
            unlink(path)
        }
        let writer = try AccessLogWriter(descriptor: descriptor, time: Self.time)
        let buffer = writer.makeBuffer()
        try writer.start()
        for _ in 0..<1_000 { buffer.append(Sample.refused()) }
        #expect(writer.stop())
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 1_000)
    }

    @Test func `the hub tells meters and log`() throws {
        let writer = try AccessLogWriter(descriptor: writeEnd, time: Self.time)
        let hub = EventHub(meters: LoopMeters(directory: SeriesDirectory()), log: writer.makeBuffer())
        hub.requestStarted()
        hub.requestEnded(Sample.served())
        try writer.start()
        #expect(writer.stop())
        try pipe.fileHandleForWriting.close()
        let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(Sample.text(hub.meters.snapshot()).contains("litellm_in_flight_requests 0\n"))
        #expect(
            Sample.text(hub.meters.snapshot()).contains("weir_requests_ended_total{ending=\"complete\",fault=\"\"} 1\n")
        )
    }
}

/// Reads a pipe to its end on a thread of its own, so that the writer never waits.
private final class PipeReader: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let bytes = LockedData()

    private final class LockedData: Sendable {
        let data = Mutex(Data())
    }

    init(_ handle: FileHandle) {
        let (done, bytes) = (done, bytes)
        Thread.detachNewThread {
            let read = (try? handle.readToEnd()) ?? Data()
            bytes.data.withLock { $0 = read }
            done.signal()
        }
    }

    func wait() -> Data {
        done.wait()
        return bytes.data.withLock { $0 }
    }
}
