import NIOCore
import Testing
import WeirCore
import WeirWire

struct JSONObjectReaderTests {
    @Test(arguments: [
        #"{"\u006dodels":["a"]}"#, #"{"mod\u0065ls":["a"]}"#, #"{"models":["\u0061"]}"#,
    ])
    func `a name that is written with escapes is the name that it stands for`(text: String) throws {
        #expect(try JSONObject(reading: text) == ["models": ["a"]])
    }

    @Test func `names keep their quotes, slashes and signs beyond the first plane`() throws {
        let object = try JSONObject(reading: #"{"a\"b":1,"c\/d":2,"\ud83d\ude00":3,"\n":4}"#)
        #expect(object.names == ["a\"b", "c/d", "😀", "\n"])
    }

    @Test(arguments: [
        (#"{"models":[],"\u006dodels":["a"]}"#, "models", 14), (#"{"\u0061":1,"\u0061":2}"#, #"\u0061"#, 13),
        (#"{"x":0,"\u0061":1,"a":2}"#, "a", 19),
    ])
    func `a name that stands twice is refused, however it is written`(text: String, name: String, offset: Int) {
        #expect(throws: JSONViolation(.duplicateKey(name), at: offset)) { try JSONObject(reading: text) }
    }

    @Test(arguments: [#"{"\u00":1}"#, #"{"\x":1}"#, #"{"a\":1}"#])
    func `an escape that JSON does not know is no name`(text: String) {
        #expect(throws: JSONViolation.self) { try JSONObject(reading: text) }
    }
}
