import NIOCore
import NIOPosix
import WeirCore
import WeirWire

/// What is said when an upstream cannot be used, in one place: to the client without addresses, to the log with them.
enum UpstreamFaults {
    static func connect(
        _ address: UpstreamAddress, _ proxy: ProxySettings.Proxy?, _ error: any Error
    ) -> GatewayFault {
        let through = proxy.map { " through the proxy \($0.host):\($0.port)" } ?? ""
        let place = address.authority + through
        if case .connectTimeout = error as? ChannelError {
            return GatewayFault(.upstreamTimeout, "Connecting to the upstream timed out.", detail: place)
        }
        return GatewayFault(
            .upstreamRefused, "The upstream could not be reached.", detail: "\(place): \(reason(error))")
    }

    /// The cause in a few words: what the kernel or the resolver said of the last address that was tried.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let last = error.connectionErrors.last {
            return (last.error as? IOError).map { SystemError.text($0.errnoCode) } ?? "\(last.error)"
        }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "the name \(error.host) was not found" }
        return "no address could be reached"
    }

    static func timeout(_ address: UpstreamAddress, _ waitingFor: StaticString) -> GatewayFault {
        GatewayFault(
            .upstreamTimeout, "The upstream sent no \(waitingFor) within the time allowed.", detail: address.authority)
    }

    static func lost(_ address: UpstreamAddress, _ place: StaticString, _ failure: String?) -> GatewayFault {
        let cause = failure.map { ": \($0)" } ?? ""
        return GatewayFault(
            .upstreamReset, "The upstream closed the connection \(place).", detail: address.authority + cause)
    }

    static func garbled(_ address: UpstreamAddress, _ violation: HTTPViolation) -> GatewayFault {
        let isTooLarge = violation == .headTooLarge || violation == .tooManyFields
        return GatewayFault(
            .upstreamGarbled,
            isTooLarge
                ? "The upstream's reply has a larger head than is allowed."
                : "The upstream answered with something that is not HTTP/1.1.",
            detail: "\(address.authority): \(violation.reason)")
    }

    static let abandoned = GatewayFault(.clientLeft, "the client left before the reply began")
}
