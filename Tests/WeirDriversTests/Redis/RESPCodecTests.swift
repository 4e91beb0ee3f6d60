import NIOCore
import Testing
import WeirDrivers

@Suite struct RESPCodecTests {
    private static let table: [(String, RESPValue)] = [
        ("+OK\r\n", .bytes(ByteBuffer(string: "OK"))),
        ("+\r\n", .bytes(ByteBuffer())),
        ("-ERR no\r\n", .error("ERR no")),
        (":0\r\n", .integer(0)),
        (":+7\r\n", .integer(7)),
        (":-12\r\n", .integer(-12)),
        (":9223372036854775807\r\n", .integer(.max)),
        (":-9223372036854775808\r\n", .integer(.min)),
        ("$5\r\nhe\r\no\r\n", .bytes(ByteBuffer(string: "he\r\no"))),
        ("$0\r\n\r\n", .bytes(ByteBuffer())),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("_\r\n", .null),
        ("*0\r\n", .array([])),
        (
            "*2\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n",
            .array([.integer(1), .array([.bytes(ByteBuffer(string: "a")), .array([])])])
        ),
        ("~1\r\n:1\r\n", .array([.integer(1)])),
        ("%1\r\n+a\r\n:1\r\n", .map([.bytes(ByteBuffer(string: "a")), .integer(1)])),
        (">1\r\n+x\r\n", .push([.bytes(ByteBuffer(string: "x"))])),
        ("#t\r\n", .boolean(true)),
        ("#f\r\n", .boolean(false)),
        (",1.5\r\n", .double(1.5)),
        (",inf\r\n", .double(.infinity)),
        ("(3492890328409238509324850943850943825024385\r\n", .bigNumber("3492890328409238509324850943850943825024385")),
        ("!5\r\nERR x\r\n", .error("ERR x")),
        ("=6\r\ntxt:hi\r\n", .bytes(ByteBuffer(string: "hi"))),
        ("|1\r\n+ttl\r\n:5\r\n:1\r\n", .integer(1)),
        ("|0\r\n:1\r\n", .integer(1)),
        ("*1\r\n|1\r\n+ttl\r\n:5\r\n:1\r\n", .array([.integer(1)])),
    ]

    @Test(arguments: table)
    func `every kind of value is read, wherever it is cut`(text: String, value: RESPValue) throws {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var codec = RESPCodec()
            var buffer = ByteBuffer(bytes: bytes[..<cut])
            var read = try codec.next(&buffer)
            #expect((read == nil) == (cut < bytes.count))
            buffer.writeBytes(bytes[cut...])
            if read == nil { read = try codec.next(&buffer) }
            #expect(read == value)
            #expect(buffer.readableBytes == 0)
        }
    }

    @Test func `many replies in one piece come out one by one, also byte by byte`() throws {
        let bytes = Array(Self.table.map(\.0).joined().utf8)
        var codec = RESPCodec()
        var whole = ByteBuffer(bytes: bytes)
        for (_, value) in Self.table { #expect(try codec.next(&whole) == value) }
        #expect(try codec.next(&whole) == nil)

        var buffer = ByteBuffer()
        var read: [RESPValue] = []
        for byte in bytes {
            buffer.writeInteger(byte)
            while let value = try codec.next(&buffer) { read.append(value) }
        }
        #expect(read == Self.table.map(\.1))
    }

    @Test(arguments: [
        "?\r\n", "hello\r\n", ":\r\n", ":1x\r\n", ":9223372036854775808\r\n", ":-9223372036854775809\r\n", "$-2\r\n",
        "$1\r\nab\r\n", "$9999999999\r\n", "*-2\r\n", "*65537\r\n", "%40000\r\n", "+a\rb\r\n", "#x\r\n", "#\r\n",
        "_x\r\n",
        ",x\r\n", "(\r\n", "(1.5\r\n", "=2\r\nab\r\n", "$x\r\n", "$\r\n", "\r\n",
    ])
    func `what is not RESP is refused`(text: String) {
        #expect(throws: RESPFault.self) {
            var codec = RESPCodec()
            var buffer = ByteBuffer(string: text)
            _ = try codec.next(&buffer)
        }
    }

    @Test func `what passes a limit is refused, and what meets it is not`() throws {
        var limits = RESPCodec.Limits()
        limits.line = 4
        limits.string = 4
        limits.elements = 4
        limits.values = 6
        limits.depth = 2
        for text in ["+abcd\r\n", "$4\r\nabcd\r\n", "*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n", "*1\r\n*1\r\n:1\r\n"] {
            var codec = RESPCodec(limits: limits)
            var buffer = ByteBuffer(string: text + text)
            #expect(try codec.next(&buffer) != nil)
            #expect(try codec.next(&buffer) != nil)
        }
        for text in [
            "+abcde\r\n", "+abcde", "$5\r\n", "*5\r\n", "%3\r\n", "*1\r\n*1\r\n*1\r\n",
            "*2\r\n*3\r\n:1\r\n:1\r\n:1\r\n*3\r\n:1\r\n",
        ] {
            #expect(throws: RESPFault.self, "\(text)") {
                var codec = RESPCodec(limits: limits)
                var buffer = ByteBuffer(string: text)
                _ = try codec.next(&buffer)
            }
        }
    }

    @Test func `random bytes never do more than fail`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("+-:$*_#,(!=%~>|0123459\r\nab".utf8)
        for _ in 0..<20_000 {
            var codec = RESPCodec()
            let length = Int.random(in: 0...40, using: &random)
            var buffer = ByteBuffer(bytes: (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 })
            let before = buffer.readableBytes
            while let value = try? codec.next(&buffer) { _ = value }
            #expect(buffer.readableBytes <= before)
        }
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345, -1, -10, .max, .min] as [Int64])
    func `numbers are written as their digits`(number: Int64) throws {
        var buffer = ByteBuffer()
        RESPCodec.write(number, into: &buffer)
        #expect(String(buffer: buffer) == "$\(String(number).utf8.count)\r\n\(number)\r\n")
    }

    @Test func `a command is an array of strings`() {
        var buffer = ByteBuffer()
        RESPCodec.write(command: ["SET", "ключ", ""], into: &buffer)
        #expect(String(buffer: buffer) == "*3\r\n$3\r\nSET\r\n$8\r\nключ\r\n$0\r\n\r\n")
    }
}
