import Testing
import WeirCore

struct NameExpressionTests {
    @Test(
        arguments: [
            ("^gpt-4", "gpt-4o", []), ("^gpt-4$", "gpt-4", []), ("^", "", []), ("^$", "", []),
            ("^a|b", "b-and-more", []),
            ("^(.*)$", "a/b", ["a/b"]), ("^(.+?)-(.*)$", "a-b-c", ["a", "b-c"]),
            ("^(.+)-(.*)$", "a-b-c", ["a-b", "c"]),
            ("^claude-(opus|sonnet)(-\\d+)?$", "claude-opus", ["opus", ""]),
            ("^claude-(opus|sonnet)(-\\d+)?$", "claude-sonnet-45", ["sonnet", "-45"]),
            ("^[a-c]{2,3}(x*)$", "abcxx", ["xx"]), ("^[^/]+/(.*)", "openai/gpt", ["gpt"]), ("^a{2}$", "aa", []),
            ("^(?:ab)+$", "ababab", []), ("^(a|ab)(c|bcd)$", "abcd", ["a", "bcd"]), ("^\\^\\.\\*$", "^.*", []),
            ("^[]a-]+$", "a-]", []), ("^[\\w.]+$", "a_Z9.", []), ("^\\W\\D\\S$", "-a.", []), ("^.$", "ü", []),
            ("^(a*)*$", "aaa", ["aaa"]), ("^(a?){3}$", "aa", [""]), ("^(x{0})y", "y", [""]),
            ("^(a+|b)*(c)", "abc", ["b", "c"]),
            ("^((a)|b)+$", "ab", ["b", "a"]),
        ] as [(String, String, [String])])
    func `a name that fits gives what the groups stand for`(text: String, name: String, groups: [String]) throws {
        let expression = try NameExpression(text)
        #expect(expression.matches(name))
        #expect(expression.segments(of: name) == (groups.isEmpty ? [name] : groups))
    }

    @Test(arguments: [
        ("^gpt-4$", "gpt-4o"), ("^gpt", "a-gpt"), ("^a{2}$", "aaa"), ("^[^/]+$", "a/b"), ("^(?:ab)+$", "aba"),
        ("^\\.", "a"),
        ("^[a-c]{2,3}$", "a"), ("^a.c", "ac"), ("^GPT", "gpt"), ("^a$b", "ab"), ("^\\d+$", "12x"),
    ])
    func `a name that does not fit gives nothing`(text: String, name: String) throws {
        let expression = try NameExpression(text)
        #expect(!expression.matches(name))
        #expect(expression.segments(of: name) == nil)
    }

    @Test(arguments: [
        "gpt", "", "^(a", "^a)", "^[a", "^*", "^a**", "^(?=a)", "^(?i)a", "^\\1", "^\\b", "^a{3,2}", "^a{101}", "^a{",
        "^a{x}",
        "^[z-a]", "^[\\D]", "^a\\", "^a^b", "^((a{100}){100}){100}",
        "^" + String(repeating: "(", count: 60) + String(repeating: ")", count: 60),
    ])
    func `what cannot be read is refused with a reason`(text: String) {
        let fault = #expect(throws: NameExpressionFault.self) { try NameExpression(text) }
        #expect(fault?.reason.isEmpty == false)
    }

    /// Each of these takes other machines longer than the world has existed.
    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*)*x$", "^(a?){50}a{50}$"])
    func `no expression and no name make it slow`(text: String) throws {
        let expression = try NameExpression(text)
        #expect(!expression.matches(String(repeating: "a", count: 500) + "!"))
    }

    @Test func `a name that is too long fits nothing`() throws {
        let expression = try NameExpression("^a*")
        #expect(expression.matches(String(repeating: "a", count: 512)))
        #expect(!expression.matches(String(repeating: "a", count: 513)))
    }
}
