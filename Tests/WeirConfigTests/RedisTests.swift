import Testing
import WeirConfig
import WeirCore

@Suite struct RedisTests {
    private func read(_ settings: String, _ environment: [String: String] = [:]) -> Reading {
        Reading("router_settings: {\(settings)}\n", environment: environment)
    }

    @Test(arguments: [
        ("redis_host: r", RedisSection.Address.server(.init(host: "r", port: 6379))),
        ("redis_host: r, redis_port: 7000", .server(.init(host: "r", port: 7000))),
        ("redis_host: '2001:db8::1'", .server(.init(host: "2001:db8::1", port: 6379))),
        ("redis_url: 'redis://r'", .server(.init(host: "r", port: 6379))),
        ("redis_url: 'rediss://[::1]:1/2'", .server(.init(host: "::1", port: 1))),
        ("redis_url: 'unix:///run/redis.sock?db=3'", .socket(path: "/run/redis.sock")),
        (
            "redis_cluster_nodes: [{host: a, port: 1}, {host: b, port: 2}]",
            .cluster([.init(host: "a", port: 1), .init(host: "b", port: 2)])
        ),
        ("redis_cluster_nodes: 'a:1, b'", .cluster([.init(host: "a", port: 1), .init(host: "b", port: 6379)])),
        ("redis_cluster_nodes: '[{\"host\": \"a\", \"port\": \"1\"}]'", .cluster([.init(host: "a", port: 1)])),
        (
            "redis_sentinel_nodes: [[a, 1], [b]], redis_service_name: main",
            .sentinels([.init(host: "a", port: 1), .init(host: "b", port: 26379)], service: "main")
        ),
        ("redis_url: 'redis://u', redis_cluster_nodes: [a]", .cluster([.init(host: "a", port: 6379)])),
        ("redis_url: 'redis://u', redis_host: h", .server(.init(host: "u", port: 6379))),
    ]) func `an address is read`(settings: String, address: RedisSection.Address) {
        let reading = read(settings)
        #expect(reading.problems == [])
        #expect(reading.document.redis?.address == address)
    }

    @Test func `a URL tells user, password, database and TLS`() {
        let redis = read("redis_url: 'rediss://me:p%40ss%3A@r:1/5'").document.redis
        #expect(redis?.username == "me" && redis?.password?.revealed() == "p@ss:")
        #expect(redis?.usesTLS == true && redis?.database == 5)
        let bare = read("redis_url: 'redis://:pw@r', redis_ssl: true, redis_namespace: n").document.redis
        #expect(bare?.username == nil && bare?.password?.revealed() == "pw")
        #expect(bare?.usesTLS == true && bare?.database == 0 && bare?.namespace == "n")
    }

    @Test func `a Redis of the environment is enough`() {
        let redis = Reading(
            "", environment: ["REDIS_HOST": "r", "REDIS_PORT": "7", "REDIS_PASSWORD": "p", "REDIS_SSL": "True"]
        ).document.redis
        #expect(redis?.address == .server(.init(host: "r", port: 7)))
        #expect(redis?.password?.revealed() == "p" && redis?.usesTLS == true && redis?.place.file == "environment")
        #expect(Discovery.document(environment: ["REDIS_HOST": "r"]).document?.redis != nil)
        #expect(Reading("", environment: ["REDIS_PASSWORD": "p", "REDIS_PORT": "7"]).document.redis == nil)
        #expect(Reading("", environment: ["REDIS_HOST": ""]).document.redis == nil)
    }

    @Test func `the variables that LiteLLM reads for clusters and sentinels are read`() {
        let cluster = Reading("", environment: ["REDIS_CLUSTER_NODES": #"[{"host": "a", "port": 7001}]"#])
        #expect(cluster.document.redis?.address == .cluster([.init(host: "a", port: 7001)]))
        let sentinels = Reading(
            "",
            environment: [
                "REDIS_SENTINEL_NODES": #"[["a", 26379]]"#, "REDIS_SERVICE_NAME": "main",
                "REDIS_SENTINEL_PASSWORD": "s", "REDIS_DB": "2",
            ])
        #expect(sentinels.document.redis?.address == .sentinels([.init(host: "a", port: 26379)], service: "main"))
        #expect(
            sentinels.document.redis?.sentinelPassword?.revealed() == "s" && sentinels.document.redis?.database == 2)
    }

    @Test func `the file wins over the environment, which fills up what it leaves out`() {
        let environment = [
            "REDIS_HOST": "env", "REDIS_PORT": "7", "REDIS_PASSWORD": "p", "REDIS_USERNAME": "u",
            "REDIS_NAMESPACE": "n",
        ]
        let redis = read("redis_host: file, redis_username: me", environment).document.redis
        #expect(redis?.address == .server(.init(host: "file", port: 7)))
        #expect(redis?.username == "me" && redis?.password?.revealed() == "p" && redis?.namespace == "n")
        // A URL stands for itself.
        let url = read("redis_url: 'redis://file'", environment).document.redis
        #expect(url?.address == .server(.init(host: "file", port: 6379)) && url?.password == nil)
        // A password of the file is for the server of the environment, too.
        let password = read("redis_password: mine", environment).document.redis
        #expect(password?.address == .server(.init(host: "env", port: 7)) && password?.password?.revealed() == "mine")
    }

    @Test func `a primary's name may come from the environment`() {
        let redis = read("redis_sentinel_nodes: [a]", ["REDIS_SERVICE_NAME": "main"]).document.redis
        #expect(redis?.address == .sentinels([.init(host: "a", port: 26379)], service: "main"))
    }

    @Test func `the coordination Redis stands in where the router names none`() {
        let reading = Reading(
            """
            general_settings:
              fail_closed_rate_limit_enforcement: true
              coordination_redis: {host: r, port: 5, startup_nodes: [{host: n, port: 6}], password: p}
            """, environment: ["REDIS_HOST": "env"])
        #expect(reading.problems == [])
        #expect(reading.document.redis?.address == .cluster([.init(host: "n", port: 6)]))
        #expect(reading.document.redis?.password?.revealed() == "p")
        #expect(reading.document.router.redisFailureMode == .closed)
    }

    @Test func `a link to a service of Kubernetes is understood`() {
        let reading = Reading("", environment: ["REDIS_HOST": "redis", "REDIS_PORT": "tcp://10.0.0.1:6380"])
        #expect(reading.document.redis?.address == .server(.init(host: "redis", port: 6380)))
        #expect(reading.problems.count == 1)
        #expect(reading.problems.first?.contains("a link to a service of Kubernetes; port 6380") == true)
    }

    @Test(arguments: [
        ("redis_url: 'http://user:hidden@r'", "`redis_url` must be redis://host:port/database"),
        ("redis_url: 'redis://:hidden@'", "`redis_url` must be redis://host:port/database"),
        ("redis_url: 'redis://:hidden@r:99999'", "`redis_url` must be redis://host:port/database"),
        ("redis_url: 'redis://:hid%den@r/x'", "`redis_url` must be redis://host:port/database"),
        (
            "redis_host: 'r:6379'",
            "`redis_host` must be the name or address of a host; a port belongs into `redis_port`"
        ),
        ("redis_host: r, redis_port: tcp://r:1", "`redis_port` must be a whole number from 1 to 65535"),
        ("redis_host: r, redis_db: -1", "`redis_db` must be a whole number from 0 to 65535"),
        ("redis_cluster_nodes: [{port: 1}]", "`redis_cluster_nodes` must be a list of nodes such as"),
        ("redis_cluster_nodes: '[{'", "`redis_cluster_nodes` must be a list of nodes such as"),
        ("redis_sentinel_nodes: [a]", "sentinels need to know which primary is meant: add `redis_service_name`"),
        ("redis_cluster_nodes: [a], redis_db: 1", "a cluster of Redis has only database 0: remove `redis_db`"),
        (
            "redis_cluster_nodes: [a], redis_sentinel_nodes: [b], redis_service_name: x",
            "`redis_cluster_nodes` and `redis_sentinel_nodes` name two kinds of Redis"
        ),
    ]) func `what is wrong with a Redis is told without its secrets`(settings: String, message: String) {
        let errors = read(settings).errors
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("config.yaml:1: error: \(message)") == true)
        #expect(errors.allSatisfy { !$0.contains("hid") })
    }

    @Test func `keys without a server are warned of`() {
        #expect(
            read("redis_port: 6379").problems == [
                "config.yaml:1: warning: no Redis is named, so this process shares nothing with others: add a host, or remove these keys"
            ])
        #expect(
            Reading("", environment: ["REDIS_PORT": "x"]).errors == [
                "environment: error: `REDIS_PORT` must be a whole number from 1 to 65535, not the value of REDIS_PORT"
            ])
    }
}
