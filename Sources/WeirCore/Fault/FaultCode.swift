/// What went wrong, in the gateway's own words.
package enum FaultCode: String, Sendable, CaseIterable {
    // The client's
    case malformedRequest, headTooLarge, bodyTooLarge, invalidJSON, invalidParameter, modelMissing, modelUnknown,
        credentialsInBody, keyMissing, keyMalformed, keyUnknown, routeForbidden,
        requestTimeout, clientLeft, rateLimited, tagsForbidden, contextTooLarge
    // The client's, by what its key may do
    case keyBlocked, keyExpired, keyModelForbidden, teamModelForbidden, userModelForbidden, organizationModelForbidden,
        customerModelForbidden, teamBlocked, userBlocked, customerBlocked, keyRouteForbidden, managementForbidden,
        addressForbidden,
        tokenRefused
    // The gateway's
    case storeUnavailable, noDeployment, limitsUnavailable, notSupported, shuttingDown, internalError
    // The upstream's
    case upstreamRefused, upstreamReset, upstreamTimeout, upstreamGarbled, upstreamError, upstreamKeyRefused

    package var source: GatewayFault.Source {
        switch self {
        case .malformedRequest, .headTooLarge, .bodyTooLarge, .invalidJSON, .invalidParameter, .modelMissing,
            .modelUnknown, .credentialsInBody, .keyMissing, .keyMalformed, .keyUnknown,
            .routeForbidden, .requestTimeout, .clientLeft, .rateLimited, .tagsForbidden, .contextTooLarge,
            .keyBlocked, .keyExpired, .keyModelForbidden, .teamModelForbidden, .userModelForbidden,
            .organizationModelForbidden, .customerModelForbidden, .teamBlocked, .userBlocked, .customerBlocked,
            .keyRouteForbidden,
            .managementForbidden, .addressForbidden, .tokenRefused:
            .client
        case .storeUnavailable, .noDeployment, .limitsUnavailable, .notSupported, .shuttingDown, .internalError:
            .gateway
        case .upstreamRefused, .upstreamReset, .upstreamTimeout, .upstreamGarbled, .upstreamError, .upstreamKeyRefused:
            .upstream
        }
    }
}
