import NIOCore
import NIOPosix
import WeirCore

/// What is said when an upstream cannot be used, in one place.
enum UpstreamFaults {
    static func connect(
        _ address: UpstreamAddress, _ proxy: ProxySettings.Proxy?, _ error: any Error
    ) -> GatewayFault {
        let through = proxy.map { " through the proxy \($0.host):\($0.port)" } ?? ""
        if case .connectTimeout = error as? ChannelError {
            return GatewayFault(.upstreamTimeout, "connecting to \(address.authority)\(through) timed out")
        }
        return GatewayFault(.upstreamRefused, "could not connect to \(address.authority)\(through): \(reason(error))")
    }

    /// The cause in a few words: what the kernel or the resolver said of the last address that was tried.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let last = error.connectionErrors.last {
            return (last.error as? IOError)?.description ?? "\(last.error)"
        }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "the name \(error.host) was not found" }
        return "no address could be reached"
    }

    static func timeout(_ address: UpstreamAddress, _ waitingFor: StaticString) -> GatewayFault {
        GatewayFault(.upstreamTimeout, "\(address.authority) sent no \(waitingFor) within the time allowed")
    }

    static func lost(_ address: UpstreamAddress, _ place: StaticString, _ failure: String?) -> GatewayFault {
        let cause = failure.map { ": \($0)" } ?? ""
        return GatewayFault(.upstreamReset, "\(address.authority) closed the connection \(place)\(cause)")
    }

    static func garbled(_ address: UpstreamAddress, _ reason: String) -> GatewayFault {
        GatewayFault(.upstreamGarbled, "\(address.authority) answered with something that is not HTTP/1.1: \(reason)")
    }

    static let abandoned = GatewayFault(.clientLeft, "the client left before the reply began")
}
