import NIOCore
import WeirCore

/// What the mock does on a connection, one after the other.
enum MockStep {
    case send(Bytes)
    case wait(nanoseconds: UInt64)
    /// Until the client leaves.
    case stall
    /// What was sent goes out; then the connection is reset.
    case reset
    /// What was sent goes out; then the connection is closed.
    case close
}

/// A reply, before it is cut, delayed or spoilt.
struct MockMessage {
    enum Framing {
        case length
        /// A length that is wrong by so many bytes.
        case wrongLength(by: Int)
        case chunked
        case untilClose
    }

    var status = 200
    var fields: [(String, String)] = []
    var framing = Framing.length
    /// The body; a chunk each when it is sent in chunks.
    var pieces: [Bytes] = []
    /// Between two pieces.
    var interval: UInt64 = 0

    var head: Bytes {
        var head = Bytes(string: "HTTP/1.1 \(status) \(Self.reason(status))\r\nserver: weir-mock\r\n")
        for (name, value) in fields { head.writeString("\(name): \(value)\r\n") }
        let length = pieces.reduce(0) { $0 + $1.readableBytes }
        switch framing {
        case .length: head.writeString("content-length: \(length)\r\n")
        case .wrongLength(let difference): head.writeString("content-length: \(max(length + difference, 0))\r\n")
        case .chunked: head.writeStaticString("transfer-encoding: chunked\r\n")
        case .untilClose: head.writeStaticString("connection: close\r\n")
        }
        head.writeStaticString("\r\n")
        return head
    }

    /// All of it. A body without an interval goes out together with its head.
    var steps: [MockStep] {
        var steps = [MockStep.send(head)]
        send(pieces[...], into: &steps)
        end(into: &steps)
        return steps
    }

    /// Its first half, then `middle`, and the rest if `goesOn`. `first`: how many pieces are the first half.
    func broken(after first: Int?, by middle: [MockStep], goesOn: Bool = false) -> [MockStep] {
        var (before, after) = (pieces[...], pieces[...])
        if pieces.count == 1, let only = pieces.first {
            let half = only.readableBytes / 2
            before = [only.getSlice(at: only.readerIndex, length: half) ?? only]
            after = [only.getSlice(at: only.readerIndex + half, length: only.readableBytes - half) ?? Bytes()]
        } else {
            let count = min(first ?? pieces.count / 2, pieces.count)
            before = pieces.prefix(count)
            after = pieces.dropFirst(count)
        }
        var steps = [MockStep.send(head)]
        send(before, into: &steps)
        steps += middle
        if goesOn {
            send(after, into: &steps)
            end(into: &steps)
        }
        return steps
    }

    private func send(_ pieces: ArraySlice<Bytes>, into steps: inout [MockStep]) {
        for (index, piece) in pieces.enumerated() {
            if index > 0, interval > 0 { steps.append(.wait(nanoseconds: interval)) }
            guard case .chunked = framing else {
                steps.append(.send(piece))
                continue
            }
            guard piece.readableBytes > 0 else { continue }
            var chunk = Bytes(string: String(piece.readableBytes, radix: 16) + "\r\n")
            chunk.writeImmutableBuffer(piece)
            chunk.writeStaticString("\r\n")
            steps.append(.send(chunk))
        }
    }

    private func end(into steps: inout [MockStep]) {
        switch framing {
        case .chunked: steps.append(.send(Bytes(string: "0\r\n\r\n")))
        case .untilClose: steps.append(.close)
        case .length, .wrongLength: break
        }
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Payload Too Large"
        case 422: "Unprocessable Entity"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        default: "Unknown"
        }
    }
}
