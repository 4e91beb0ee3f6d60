import HTTPTypes
import Hummingbird
import NIOCore
import WeirCore
import WeirWire

/// What Kubernetes, load balancers and people ask to learn how Weir is.
enum HealthRoutes {
    static func add(to table: inout RouteTable, _ house: any House) {
        for path in ["/health/liveliness", "/health/liveness"] {
            table.get(path, .open, "The process runs.") { _, _ in .json(Bytes(string: #""I'm alive!""#)) }
        }
        table.get("/health/readiness", .open, "Requests sent now are served.") { _, _ in readiness(house) }
        table.get("/health/readiness/details", .key, "Readiness with details.") { _, _ in
            readiness(house, isDetailed: true)
        }
        // Open to see whether anything is wrong; a key shows what.
        table.get("/health", .open, "Backends, asked without spending tokens.") { request, context in
            try await health(request, context, house)
        }
    }

    private static func readiness(_ house: any House, isDetailed: Bool = false) -> Response {
        let readiness = house.readiness()
        var json = JSONWriter()
        json.beginObject()
        switch readiness {
        case .ready: json.member("status", "healthy")
        case .draining: json.member("status", "draining")
        case .withoutBackends: json.member("status", "no deployment can serve: all rest or are down")
        case .withoutModels: json.member("status", "no model can be called: the configuration lists none")
        }
        json.member("db", house.isStoreConnected == true ? "connected" : "Not connected")
        if isDetailed || house.compat == .v1_83 {
            json.key("cache")
            json.null()
            json.member("litellm_version", house.litellmVersion)
            json.member("success_callbacks", raw: "[]")
            json.member("use_aiohttp_transport", bool: false)
            json.member("log_level", "INFO")
            json.member("is_detailed_debug", bool: false)
        }
        json.endObject()
        return .json(json.buffer, status: readiness == .ready ? .ok : .serviceUnavailable)
    }

    private static func health(
        _ request: Request, _ context: DoorContext, _ house: any House
    ) async throws -> Response {
        if context.hasCredential {
            _ = try context.access.get()
            let model = request.uri.queryParameters["model"].map(String.init)
            return .json(full(await house.health(model: model)))
        }
        guard house.readiness() != .draining else { return brief("draining", .serviceUnavailable) }
        guard house.requiresHealthyBackends else { return brief("healthy", .ok) }
        let isServed = await house.health(model: nil).everyModelIsServed
        return isServed ? brief("healthy", .ok) : brief("unhealthy", .serviceUnavailable)
    }

    private static func brief(_ status: String, _ code: HTTPResponse.Status) -> Response {
        .json(Bytes(string: #"{"status": "\#(status)"}"#), status: code)
    }

    private static func full(_ report: HealthReport) -> Bytes {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        let healthy = report.endpoints.filter { $0.error == nil }
        let unhealthy = report.endpoints.filter { $0.error != nil }
        for (name, endpoints) in [("healthy_endpoints", healthy), ("unhealthy_endpoints", unhealthy)] {
            json.key(name)
            json.beginArray()
            for endpoint in endpoints { write(endpoint, showsDetails: report.showsDetails, &json) }
            json.endArray()
        }
        json.member("healthy_count", int: healthy.count)
        json.member("unhealthy_count", int: unhealthy.count)
        json.endObject()
        return json.buffer
    }

    private static func write(_ endpoint: HealthReport.Endpoint, showsDetails: Bool, _ json: inout JSONWriter) {
        let deployment = endpoint.deployment
        json.beginObject()
        defer { json.endObject() }
        json.member("model", "\(deployment.vendor)/\(deployment.upstreamModel)")
        guard showsDetails else { return }
        if !deployment.apiBase.isEmpty { json.member("api_base", deployment.apiBase) }
        if deployment.requestsPerMinute > 0 { json.member("rpm", int: deployment.requestsPerMinute) }
        if deployment.tokensPerMinute > 0 { json.member("tpm", int: deployment.tokensPerMinute) }
        json.member("model_name", deployment.group)
        json.member("model_id", deployment.id)
        if let error = endpoint.error { json.member("error", error) }
    }
}
