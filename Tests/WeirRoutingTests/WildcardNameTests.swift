import Testing
import WeirRouting

struct WildcardNameTests {
    @Test(arguments: [
        ("*", "gpt-4o", "gpt-4o"),
        ("*", "", ""),
        ("openai/*", "openai/gpt-4o", "gpt-4o"),
        ("openai/*", "openai/", ""),
        ("openai/*", "openai/a/b", "a/b"),
        ("*-mini", "gpt-4o-mini", "gpt-4o"),
        ("*-mini", "-mini", ""),
        ("gpt-*-mini", "gpt-4o-mini", "4o"),
        ("a*b*c", "a1b2c", "1"),
        ("a*b*c", "abbc", ""),
        ("*/*", "x/y/z", "x"),
        ("**", "ab", ""),
        ("ü*", "ünder", "nder"),
    ])
    func `a name that fits gives what the first star stands for`(pattern: String, name: String, star: String) throws {
        #expect(try #require(WildcardName(pattern)).match(name) == star)
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
        #expect(try #require(WildcardName(pattern)).match(name) == nil)
    }

    @Test(arguments: ["", "gpt-4o", "openai/", "?"])
    func `a name without a star is no pattern`(text: String) {
        #expect(WildcardName(text) == nil)
    }

    @Test(arguments: [("*", 0), ("openai/*", 7), ("openai/gpt-*", 11), ("a*b*c", 3)])
    func `the fixed bytes make a pattern specific`(pattern: String, bytes: Int) throws {
        #expect(try #require(WildcardName(pattern)).specificity == bytes)
    }
}
