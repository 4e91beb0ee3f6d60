import NIOCore
package import WeirCore

extension Bytes {
    /// What is readable, as text.
    package var text: String { String(buffer: self) }
}
