import Testing

@testable import WeirConfig

@Suite struct KnownKeysTests {
    @Test func `every line of the tables is read`() {
        let lines = KnownKeys.tables.map { $0.text.split(separator: "\n").count }.reduce(0, +)
        #expect(KnownKeys.all.count == lines)
        #expect(lines > 600)
    }

    @Test func `no key is in the table twice`() {
        let paths = Dictionary(grouping: KnownKeys.all, by: \.path).filter { $0.value.count > 1 }.keys.sorted()
        #expect(paths == [])
    }

    @Test(arguments: [
        ("general_settings.master_key", KnownKey.Stage.now), ("model_list[].litellm_params.rpm", .now),
        ("router_settings.redis_host", .now), ("router_settings.deployment_affinity_ttl_seconds", .partly),
        ("router_settings.provider_budget_config", .now), ("retry_policy.DefaultRetries", .now), ("include", .now),
        ("logging.prometheus.port", .now),
    ]) func `the table says what becomes of a key`(path: String, stage: KnownKey.Stage) {
        #expect(KnownKeys.all.first { $0.path == path }?.stage == stage)
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("kitten", "sitting", 3), ("abcd", "abdc", 1), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
        ("ca", "abc", 3),
    ]) func `the distance counts edits and swaps of neighbours`(left: String, right: String, distance: Int) {
        #expect(NearestName.distance(Array(left.utf8), Array(right.utf8)) == distance)
    }

    @Test func `a name that is too far off is not offered`() {
        #expect(NearestName.of("rpm", among: ["tpm", "order"]) == "tpm")
        #expect(NearestName.of("xyz", among: ["tpm", "rpm"]) == nil)
        #expect(NearestName.of("Drop_Params", among: ["drop_params"]) == "drop_params")
    }
}
