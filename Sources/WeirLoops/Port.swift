package import NIOCore
import NIOTLS
package import WeirCore

/// One end of a byte stream with one reader: bytes queue up as they arrive, `next()` suspends only when there are none.
///
/// Bound to its channel's loop: every member is used there and nowhere else (asserted in debug builds). It is the last
/// handler of its channel.
package final class Port: ChannelDuplexHandler, @unchecked Sendable {  // never: unsafe because all is done on its loop
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Reading pauses while more bytes than these wait for their reader.
    package static let bufferedBytes = 65_536

    /// Why no more bytes will come, in words; nil for an orderly end.
    package private(set) var failure: String?
    package private(set) var isClosed = false
    /// The peer has shut down its writing side.
    package private(set) var isInputClosed = false
    private var onClosed: (() -> Void)?
    private var onInputClosed: (() -> Void)?

    private var context: ChannelHandlerContext?
    private var parts: [ByteBuffer] = []
    private var taken = 0
    private var waitingBytes = 0
    private var reader: UnsafeContinuation<ByteBuffer?, Never>?
    /// Takes the bytes in the reader's place, in the turn that brings them; an empty buffer then ends the reader's wait.
    private var tap: ((ByteBuffer) -> Bool)?
    private var writer: UnsafeContinuation<Void, Never>?
    private var handshake: UnsafeContinuation<Void, Never>?
    private var isSecured = false
    private var heldRead = false
    private let wheel: TimerWheel
    private let alarm = Alarm()
    private var closesAtDeadline = true
    /// A deadline has passed.
    package private(set) var isExpired = false

    /// No handler stands between the port and its socket.
    private var isPlain: Bool
    private var socket: DirectSocket?
    private var unsent: (first: ByteBuffer?, second: ByteBuffer?)
    /// Writes that the channel has queued: what comes after them must queue too.
    private var queuedWrites = 0

    private let executor: LoopExecutor?

    /// - Parameters:
    ///   - executor: the loop's, to let the reader go on within the turn that brought its bytes.
    ///   - isPlain: no other handler stands before the port in its channel; `insert` may put one there later.
    package init(wheel: TimerWheel, executor: LoopExecutor? = nil, isPlain: Bool = true) {
        self.isPlain = isPlain
        self.wheel = wheel
        self.executor = executor
        alarm.ring = { [unowned self] in expire() }
    }

    // MARK: Reading

    /// Bytes, or the end, are here already.
    package var hasMore: Bool { taken < parts.count || isClosed || isInputClosed }

    /// The next bytes; nil when no more will come.
    package func next() async -> ByteBuffer? {
        assertOnLoop()
        if taken < parts.count { return take() }
        if isClosed || isInputClosed { return nil }
        return await withUnsafeContinuation { reader = $0 }
    }

    /// Hands bytes to `take` in the very turn of the loop that brought them, for as long as it answers true. True when it
    /// answered false; false when no more bytes will come, or the deadline has passed.
    package func pass(to take: @escaping (ByteBuffer) -> Bool) async -> Bool {
        assertOnLoop()
        while true {
            while taken < parts.count {
                if !take(self.take()) { return true }
            }
            if isClosed || isInputClosed { return false }
            tap = take
            guard let rest = await withUnsafeContinuation({ reader = $0 }) else { return false }
            if rest.readableBytes == 0 || !take(rest) { return true }
        }
    }

    /// Whoever waits for bytes; what it took them with is gone too.
    private func takeReader() -> UnsafeContinuation<ByteBuffer?, Never>? {
        tap = nil
        return reader.take()
    }

    private func resume(_ reader: UnsafeContinuation<ByteBuffer?, Never>, with part: ByteBuffer) {
        if let executor {
            executor.inline { reader.resume(returning: part) }
        } else {
            reader.resume(returning: part)
        }
    }

    private func take() -> ByteBuffer {
        let part = parts[taken]
        taken += 1
        waitingBytes -= part.readableBytes
        if taken == parts.count {
            parts.removeAll(keepingCapacity: parts.capacity <= 16)
            taken = 0
        }
        if heldRead, waitingBytes <= Self.bufferedBytes / 4 {
            heldRead = false
            context?.read()
        }
        return part
    }

    // MARK: Writing

    package var isWritable: Bool { !isClosed && context?.channel.isWritable == true }

    /// Bytes to be written with the next `flush`.
    package func write(_ bytes: ByteBuffer) {
        assertOnLoop()
        guard !isClosed else { return }
        guard socket != nil, queuedWrites == 0, unsent.second == nil else {
            queueUnsent()
            return queue(bytes)
        }
        if unsent.first == nil { unsent.first = bytes } else { unsent.second = bytes }
    }

    package func flush() {
        guard !isClosed else { return }
        if let socket, let first = unsent.first {
            let sent = socket.send(first, unsent.second)
            guard sent < first.readableBytes + (unsent.second?.readableBytes ?? 0) else {
                unsent = (nil, nil)
                return
            }
            queueUnsent(from: sent)
        }
        if socket == nil || queuedWrites > 0 { context?.flush() }
    }

    /// Leaves what waits for `flush` to the channel, but for its first bytes.
    private func queueUnsent(from start: Int = 0) {
        guard var first = unsent.first else { return }
        var second = unsent.second
        unsent = (nil, nil)
        let ofFirst = min(start, first.readableBytes)
        first.moveReaderIndex(forwardBy: ofFirst)
        second?.moveReaderIndex(forwardBy: start - ofFirst)
        for part in [first, second] {
            if let part, part.readableBytes > 0 { queue(part) }
        }
    }

    private func queue(_ bytes: ByteBuffer) {
        guard let context else { return }
        guard isPlain else { return context.write(wrapOutboundOut(bytes), promise: nil) }
        queuedWrites += 1
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.queuedWrites -= 1 }
        context.write(wrapOutboundOut(bytes), promise: written)
    }

    /// Waits until the peer takes bytes again. Returns at once when it does, or when the connection is gone.
    package func writable() async {
        guard !isClosed, context?.channel.isWritable == false else { return }
        await withUnsafeContinuation { writer = $0 }
    }

    /// Flushes, and waits until everything has been handed to the kernel or the connection is gone.
    package func drained() async {
        flush()
        guard !isClosed, socket == nil || queuedWrites > 0, let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        try? await written.futureResult.get()
    }

    // MARK: Deadline and end

    /// Ends the wait for bytes, and closes the connection too unless told otherwise, when `clearDeadline` is not called in
    /// time. Replaces an earlier deadline.
    package func setDeadline(_ timeout: Timeout, closing: Bool = true) {
        closesAtDeadline = closing
        wheel.set(alarm, after: timeout)
    }

    package func clearDeadline() { alarm.clear() }

    private func expire() {
        isExpired = true
        guard !closesAtDeadline else { return fail("timed out") }
        takeReader()?.resume(returning: nil)
    }

    /// Closes the connection; what was not flushed is lost.
    package func close() {
        assertOnLoop()
        guard !isClosed else { return }
        context?.close(promise: nil)
        end()
    }

    /// Tells the peer that nothing more will be written, and goes on reading.
    package func closeOutput() {
        guard !isClosed else { return }
        flush()
        context?.close(mode: .output, promise: nil)
    }

    /// Runs `hook` once when the connection is gone; at once if it is. Replaces an earlier hook.
    package func whenClosed(_ hook: (() -> Void)?) {
        if isClosed { hook?() } else { onClosed = hook }
    }

    /// Runs `hook` once when the peer has shut down its writing side while the connection is still open; at once if it
    /// has. Replaces an earlier hook.
    package func whenInputClosed(_ hook: (() -> Void)?) {
        guard !isClosed else { return }
        if isInputClosed { hook?() } else { onInputClosed = hook }
    }

    private func fail(_ reason: String) {
        if failure == nil { failure = reason }
        close()
    }

    private func end() {
        guard !isClosed else { return }
        isClosed = true
        unsent = (nil, nil)
        alarm.clear()
        resumeAll()
        let hook = onClosed
        onClosed = nil
        onInputClosed = nil
        hook?()
    }

    private func resumeAll() {
        if let waiting = takeReader() { waiting.resume(returning: taken < parts.count ? take() : nil) }
        writer.take()?.resume()
        handshake.take()?.resume()
    }

    private func assertOnLoop() { assert(context?.eventLoop.inEventLoop != false, "a port was used off its loop") }

    // MARK: TLS

    /// Waits until the TLS handshake is done. False when the connection was lost instead.
    package func secured() async -> Bool {
        if !isClosed, !isSecured { await withUnsafeContinuation { handshake = $0 } }
        return isSecured && !isClosed
    }

    /// Puts `handler` between the socket and this port: for a tunnel that turns into TLS.
    package func insert(_ handler: any ChannelHandler) throws {
        queueUnsent()
        isPlain = false
        socket = nil
        try context?.pipeline.syncOperations.addHandler(handler, position: .first)
    }

    // MARK: The channel's side

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    package func channelActive(context: ChannelHandlerContext) {
        if isPlain { socket = DirectSocket(context.channel) }
        context.fireChannelActive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        waitingBytes += part.readableBytes
        parts.append(part)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        while taken < parts.count, let tap {
            guard !tap(take()), let waiting = takeReader() else { continue }
            resume(waiting, with: ByteBuffer())
            break
        }
        if taken < parts.count, tap == nil, let waiting = takeReader() { resume(waiting, with: take()) }
        if let socket, waitingBytes <= Self.bufferedBytes { socket.read() }
        context.fireChannelReadComplete()
    }

    package func read(context: ChannelHandlerContext) {
        if waitingBytes > Self.bufferedBytes { heldRead = true } else { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { writer.take()?.resume() }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            if let waiting = takeReader() { waiting.resume(returning: taken < parts.count ? take() : nil) }
            let hook = onInputClosed
            onInputClosed = nil
            hook?()
        case TLSUserEvent.handshakeCompleted:
            isSecured = true
            handshake.take()?.resume()
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) { fail("\(error)") }
}
