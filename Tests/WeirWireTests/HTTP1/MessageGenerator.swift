/// Makes HTTP/1.1 messages that are valid, nearly valid or broken, the same ones in every run.
struct MessageGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    private mutating func number(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed &>> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed &>> 31) % UInt64(bound))
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(below: values.count)] }

    /// A request, its body included.
    mutating func request() -> [UInt8] {
        let method = pick(["GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW"])
        let target = pick([
            "/", "/v1/chat/completions", "/v1/models?a=b&c=%20", "*", "http://b.example/x?y", "/a?b?c", "/~a_b/{c}|d",
            "//a",
            "http://b:80", "/a;b,c=d", "/<\\>^`\"", "/a:b@c", "https://[::1]/",
        ])
        let version = pick(["1.1", "1.1", "1.1", "1.1", "1.0"])
        var text = "\(pick(["", "", "", "", "\r\n"]))\(method) \(target) HTTP/\(version)\r\n"
        text += pick(["Host: a.example:4000\r\n", "hOST:a\r\n", "Host: [::1]\r\n", "Host: a\r\n", ""])
        text += fields() + framing()
        return mangled(text)
    }

    /// A reply, its body included.
    mutating func response() -> [UInt8] {
        let status = pick(["200", "200", "201", "404", "429", "500", "204", "304", "999"])
        var text = "HTTP/\(pick(["1.1", "1.1", "1.1", "1.0"])) \(status)\(pick([" OK", " Not so good", " ", ""]))\r\n"
        text += fields() + framing()
        return mangled(text)
    }

    private mutating func fields() -> String {
        var text = ""
        for _ in 0..<number(below: 5) {
            text += pick([
                "Accept: */*\r\n", "Authorization: Bearer sk-1\r\n", "Content-Type:application/json\r\n",
                "X-Empty:\r\n",
                "Connection: keep-alive\r\n", "Connection: close\r\n", "User-Agent: \t a  b (c) \t \r\n",
                "X-Bytes: \u{E4}\t~\r\n",
                "!#$%&'*+-.^_`|~9: odd\r\n", "Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n", "Trailer: a\r\n",
                "X-Long: 0123456789012345678901234567890123456789\r\n", "Connection: x-a , Close\r\n",
                "X-A: b:c;d,\"e\"\r\n",
                "Keep-Alive: 5\r\n", "Retry-After: 3\r\n",
            ])
        }
        return text
    }

    private mutating func framing() -> String {
        let body = pick(["", "hello", "{\"model\":\"a\"}", "0\r\n\r\n"])
        switch number(below: 12) {
        case 0...3: return "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        case 4...7: return "Transfer-Encoding: \(pick(["chunked", "Chunked", "chunked "]))\r\n\r\n" + chunks()
        case 8:
            let length = pick([
                "+5", "-1", "0x5", "5,5", "5 ", " ", "5 5", "99999999999999999999", "05", "5\r\nContent-Length: 5",
            ])
            return "Content-Length: \(length)\r\n\r\nhello"
        case 9:
            let coding = pick([
                "gzip", "gzip, chunked", "chunked, chunked", "chunked, gzip", "identity", "xchunked", "chunked;a",
                "chunked\r\nContent-Length: 5", "chunked\r\nTransfer-Encoding: chunked", "",
            ])
            return "Transfer-Encoding: \(coding)\r\n\r\n" + chunks()
        default: return "\r\n"
        }
    }

    /// A chunked body.
    mutating func chunks() -> String {
        var text = ""
        for _ in 0..<number(below: 4) {
            let data = pick(["a", "hello", "0123456789abcdef", "\r\n", "0\r\n\r\n"])
            let size = String(data.utf8.count, radix: 16, uppercase: number(below: 2) == 0)
            text += pick(["", "", "0", "000000"]) + size
            text += pick(["", "", "", ";a", ";a=b", ";a=\"b;c\\\"\"", ";a;b=c"]) + "\r\n\(data)\r\n"
        }
        return text + pick(["0", "0", "000", "0;a=b"]) + "\r\n" + pick(["", "", "A: b\r\n", "A:\r\nB-c: d \r\n"])
            + "\r\n"
    }

    /// The bytes of `text`, in two of three cases with up to three small faults.
    mutating func mangled(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        let faults: [UInt8] = [
            0, 9, 10, 13, 32, 0x21, 0x22, 0x23, 0x2B, 0x2C, 0x2D, 0x30, 0x31, 0x3A, 0x3B, 0x41, 0x7F, 0x80, 0xFF,
        ]
        for _ in 0..<max(number(below: 6) - 2, 0) {
            let at = number(below: bytes.count)
            switch number(below: 6) {
            case 0, 1: bytes[at] = pick(faults)
            case 2, 3: bytes.insert(pick(faults), at: at)
            case 4: bytes.remove(at: at)
            default:
                let end = min(at + 1 + number(below: 12), bytes.count)
                bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
            }
            if bytes.isEmpty { bytes = [10] }
        }
        return bytes
    }
}
