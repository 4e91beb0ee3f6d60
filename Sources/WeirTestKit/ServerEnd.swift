import NIOCore
package import WeirLoops

/// The server's end of a connection. Bound to its loop.
package final class ServerEnd {
    /// How many connections came before it.
    package let number: Int
    package let port: Port
    private let report: (String) -> Void
    private var buffer = ByteBuffer()

    init(_ port: Port, number: Int, _ report: @escaping (String) -> Void) {
        self.port = port
        self.number = number
        self.report = report
    }

    /// The next request with its body, when it has a length; nil when the client has left.
    package func request() async -> String? {
        while true {
            if let end = wholeRequest(), let text = buffer.readString(length: end) {
                report(text)
                return text
            }
            guard var part = await port.next() else { return nil }
            buffer.writeBuffer(&part)
        }
    }

    /// Where the request at the buffer's start ends; nil when it is not whole.
    private func wholeRequest() -> Int? {
        let text = String(buffer: buffer)
        guard let head = text.firstRange(of: "\r\n\r\n") else { return nil }
        let fields = text[..<head.lowerBound].split(separator: "\r\n")
        let length =
            fields.lazy.filter { $0.lowercased().hasPrefix("content-length:") }
            .compactMap { Int($0.dropFirst(15).drop { $0 == " " }) }.first ?? 0
        let end = text[..<head.upperBound].utf8.count + length
        return buffer.readableBytes >= end ? end : nil
    }

    package func say(_ text: String) {
        port.write(ByteBuffer(string: text))
        port.flush()
    }

    /// A complete JSON reply.
    package func reply(_ body: String, fields: String = "") {
        say(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }

    /// Waits until the client has gone.
    package func untilLeft() async {
        while await port.next() != nil {}
    }
}
