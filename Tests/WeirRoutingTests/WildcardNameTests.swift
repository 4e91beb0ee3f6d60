import Testing
import WeirRouting

struct WildcardNameTests {
    @Test(arguments: [
        ("*", "gpt-4o", ["gpt-4o"]),
        ("*", "", [""]),
        ("openai/*", "openai/gpt-4o", ["gpt-4o"]),
        ("openai/*", "openai/", [""]),
        ("openai/*", "openai/a/b", ["a/b"]),
        ("*-mini", "gpt-4o-mini", ["gpt-4o"]),
        ("*-mini", "-mini", [""]),
        ("gpt-*-mini", "gpt-4o-mini", ["4o"]),
        ("a*b*c", "a1b2c", ["1", "2"]),
        ("a*b*c", "abbc", ["b", ""]),
        ("*/*", "x/y/z", ["x/y", "z"]),
        ("**", "ab", ["ab", ""]),
        ("a*b*b*c", "abbbc", ["b", "", ""]),
        ("ü*", "ünder", ["nder"]),
    ])
    func `a name that fits gives what the stars stand for, the first ones as much as they can`(
        pattern: String, name: String, stars: [String]
    ) throws {
        #expect(try #require(WildcardName(pattern)).segments(of: name) == stars)
    }

    @Test(arguments: [
        ("openai/*", "azure/gpt-4o"),
        ("openai/*", "openai"),
        ("openai/*", "OpenAI/gpt-4o"),
        ("*-mini", "gpt-4o-mini-x"),
        ("gpt-*-mini", "gpt-mini"),
        ("ab*ba", "aba"),
        ("a*b*c", "a1c2b"),
        ("a*a", "a"),
        ("*bb*b", "bb"),
    ])
    func `a name that does not fit gives nothing`(pattern: String, name: String) throws {
        #expect(try #require(WildcardName(pattern)).segments(of: name) == nil)
    }

    @Test(arguments: ["", "gpt-4o", "openai/", "?"])
    func `a name without a star is no pattern`(text: String) {
        #expect(WildcardName(text) == nil)
    }
}
