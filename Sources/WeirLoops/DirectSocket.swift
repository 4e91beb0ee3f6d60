import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// The socket under a channel whose only handler is a port. Bound to the channel's loop.
///
/// What is written goes to the kernel at once when the channel's own queue is empty, as it nearly always is: the way through
/// pipeline and queue costs some 2,500 instructions a write, this one 200. What the kernel does not take is left to the
/// channel, which waits until it can be written; an error too, for the channel's own attempt meets it again and closes.
struct DirectSocket {
    let channel: any Channel
    private let core: any ChannelCore
    private let descriptor: CInt

    /// Nil when the channel has no socket.
    init?(_ channel: any Channel) {
        let operations = channel.pipeline.syncOperations
        guard let found = try? operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self, { $0 })
        else { return nil }
        self.channel = channel
        core = channel._channelCore
        descriptor = found
    }

    /// Asks for more bytes.
    func read() { core.read0() }

    /// Sends `first` and then `second`. How many bytes the kernel has taken: none after an error.
    func send(_ first: ByteBuffer, _ second: ByteBuffer?) -> Int {
        // A closed channel has given its descriptor back, and somebody else may have it.
        guard channel.isActive else { return 0 }
        let flags = CInt(MSG_NOSIGNAL)
        return first.withUnsafeReadableBytes { first in
            guard let second else { return max(Glibc.send(descriptor, first.baseAddress, first.count, flags), 0) }
            return second.withUnsafeReadableBytes { second in
                withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                    parts[0] = iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count)
                    parts[1] = iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
                    var message = msghdr()
                    message.msg_iov = parts.baseAddress
                    message.msg_iovlen = 2
                    return max(sendmsg(descriptor, &message, flags), 0)
                }
            }
        }
    }
}
