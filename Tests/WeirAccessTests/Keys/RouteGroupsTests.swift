import Testing
import WeirAccess
import WeirCore

struct RouteGroupsTests {
    private static let calls: [String] = Operation.allCases.flatMap { operation in
        let path = operation.path
        return [path, "/v1\(path)", "/engines/gpt-4o\(path)", "/openai/deployments/my/gpt\(path)"]
    }

    @Test(arguments: calls + ["/v2/rerank", "/models", "/v1/models", "/v1/models/openai/gpt-4o"])
    func `every call of a model is an OpenAI route, in every spelling`(path: String) {
        #expect(RouteGroups.rights(["openai_routes"]).allow(path))
        #expect(RouteGroups.rights(["llm_api_routes"]).allow(path))
        #expect(!RouteGroups.rights(["management_routes"]).allow(path))
    }

    @Test(arguments: [
        ("anthropic_routes", "/v1/messages"), ("info_routes", "/key/info"), ("management_routes", "/team/new"),
        ("management_routes", "/key/0123/regenerate"), ("spend_tracking_routes", "/spend/logs"),
        ("global_spend_tracking_routes", "/global/spend/report"), ("public_routes", "/health/liveliness"),
        ("llm_api_routes", "/v1/messages"), ("llm_api_routes", "/v1beta/models/gemini-pro:generateContent"),
        ("llm_api_routes", "/vertex_ai/v1/projects"),
    ])
    func `a group holds its routes`(group: String, path: String) {
        #expect(RouteGroups.rights([group]).allow(path))
    }

    @Test(arguments: RouteGroups.groups.keys.sorted())
    func `no group is empty, and none opens what is not there`(group: String) {
        let rights = RouteGroups.rights([group])
        #expect(!rights.allow("/no/such/route"))
        #expect(!rights.allow("/key"))
        #expect(rights.names == [group])
        #expect(RouteGroups.groups[group]?.isEmpty == false)
    }

    @Test func `a group of another name is taken for a path`() {
        #expect(RouteGroups.rights(["no_routes"]).allow("no_routes"))
        #expect(!RouteGroups.rights(["no_routes"]).allow("/v1/chat/completions"))
        #expect(!RouteGroups.rights([]).allow("/v1/chat/completions"))
    }

    @Test(arguments: [
        ("/a/{x}/b", "/a/1/b", true), ("/a/{x}/b", "/a/1/2/b", false), ("/a/{x}/b", "/a//b", false),
        ("/a/{x}/b", "/a/1/b/c", false), ("/a/{x}", "/a/1", true), ("/a/{x}", "/a/1/2", false),
        ("/a/{x}", "/a/", false),
        ("/a/{x:path}/b", "/a/1/2/b", true), ("/a/{x:path}/b", "/a/b/b/b", true), ("/a/{x:path}:go", "/a/m:go", true),
        ("/a/{x:path}:go", "/a/m:stop", false), ("/a/*", "/a/", true), ("/a/*", "/a", false), ("/a*", "/ab/c", true),
        ("*", "/anything", true), ("/a/{x}/*", "/a/1/2/3", true), ("/a/{x}/*", "/a/1", false), ("/a/{x", "/a/1", true),
        ("/a/{x}/{y}", "/a/1/2", true), ("/a/{x}/{y}", "/a/1", false), ("/a/{key}/b", "/a/{other}/b", true),
    ])
    func `a pattern stands for its paths and for no others`(pattern: String, path: String, isAllowed: Bool) {
        #expect(RouteRights([pattern]).allow(path) == isAllowed)
    }
}
