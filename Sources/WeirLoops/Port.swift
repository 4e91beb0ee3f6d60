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
    private var writer: UnsafeContinuation<Void, Never>?
    private var handshake: UnsafeContinuation<Void, Never>?
    private var isSecured = false
    private var heldRead = false
    private let wheel: TimerWheel
    private let alarm = Alarm()
    private var closesAtDeadline = true
    /// A deadline has passed.
    package private(set) var isExpired = false

    private let executor: LoopExecutor?

    /// - Parameter executor: the loop's, to let the reader go on within the turn that brought its bytes.
    package init(wheel: TimerWheel, executor: LoopExecutor? = nil) {
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

    package func write(_ bytes: ByteBuffer) {
        assertOnLoop()
        guard !isClosed, let context else { return }
        context.write(wrapOutboundOut(bytes), promise: nil)
    }

    package func flush() {
        guard !isClosed else { return }
        context?.flush()
    }

    /// Waits until the peer takes bytes again. Returns at once when it does, or when the connection is gone.
    package func writable() async {
        guard !isClosed, context?.channel.isWritable == false else { return }
        await withUnsafeContinuation { writer = $0 }
    }

    /// Flushes, and waits until everything has been handed to the kernel or the connection is gone.
    package func drained() async {
        guard !isClosed, let context else { return }
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
        reader.take()?.resume(returning: nil)
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
        alarm.clear()
        resumeAll()
        let hook = onClosed
        onClosed = nil
        onInputClosed = nil
        hook?()
    }

    private func resumeAll() {
        if let waiting = reader.take() { waiting.resume(returning: taken < parts.count ? take() : nil) }
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
        try context?.pipeline.syncOperations.addHandler(handler, position: .first)
    }

    // MARK: The channel's side

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

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
        if taken < parts.count, let waiting = reader.take() {
            let part = take()
            if let executor {
                executor.inline { waiting.resume(returning: part) }
            } else {
                waiting.resume(returning: part)
            }
        }
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
            if let waiting = reader.take() { waiting.resume(returning: taken < parts.count ? take() : nil) }
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
