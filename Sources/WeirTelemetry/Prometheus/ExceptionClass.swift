import WeirCore

/// The values of LiteLLM's label `exception_class`: the vendor with a capital, a point, and the class of its client library
/// that stands for the failure.
enum ExceptionClass {
    static func name(of fault: FaultCode?, status: Int, vendor: String?) -> String {
        if let fault, fault.source != .upstream { return own(fault) }
        let name = upstream(fault, status: status)
        guard let vendor, let first = vendor.first else { return name }
        return "\(first.uppercased())\(vendor.dropFirst()).\(name)"
    }

    private static func own(_ fault: FaultCode) -> String {
        switch fault {
        case .modelUnknown: "ProxyModelNotFoundError"
        case .noDeployment: "RouterRateLimitError"
        case .rateLimited: "RateLimitError"
        case .contextTooLarge: "ContextWindowExceededError"
        default: "ProxyException"
        }
    }

    private static func upstream(_ fault: FaultCode?, status: Int) -> String {
        switch fault {
        case .upstreamTimeout: return "Timeout"
        case .upstreamRefused, .upstreamReset, .upstreamGarbled: return "APIConnectionError"
        default: break
        }
        return switch status {
        case 400: "BadRequestError"
        case 401: "AuthenticationError"
        case 403: "PermissionDeniedError"
        case 404: "NotFoundError"
        case 408, 504: "Timeout"
        case 422: "UnprocessableEntityError"
        case 429: "RateLimitError"
        case 500: "InternalServerError"
        case 502: "BadGatewayError"
        case 503: "ServiceUnavailableError"
        default: "APIError"
        }
    }
}
