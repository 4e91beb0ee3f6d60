package import NIOCore

extension ByteBuffer {
    /// What is readable, as text.
    package var text: String { String(buffer: self) }
}
