package import NIOCore

/// The bytes that walk through the house: a reference-counted slice, copied only when written to.
package typealias Bytes = ByteBuffer
