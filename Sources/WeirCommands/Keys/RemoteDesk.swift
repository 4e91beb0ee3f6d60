import WeirCore
import WeirTransport
import WeirWire

/// A running Weir, over HTTP or HTTPS.
struct RemoteDesk: ManagementDesk {
    private static let patience = Timeout.seconds(60)

    let url: ServiceURL
    let key: Secret?
    /// PEM file of the CAs to trust; nil: the system's.
    let authorities: String?
    let proxies: ProxySettings

    func close() async {}

    func call(
        _ method: DeskMethod, _ path: String, body: JSONObject, query: [(name: String, value: String)]
    ) async throws -> JSONValue {
        let message = try message(method, path, body, query)
        let answer: DirectExchange.Answer
        do throws(GatewayFault) {
            answer = try await DirectExchange.send(
                message, to: url.address, authorities: authorities, proxies: proxies, patience: Self.patience,
                time: .system)
        } catch {
            throw unreachable(error)
        }
        let text = answer.body
        guard (200..<300).contains(answer.status) else { throw refusal(answer.status, text) }
        guard let value = Self.value(text) else {
            throw CommandFault("\(url.text) answered \(path) with something that is no JSON; is that a Weir?")
        }
        return value
    }

    /// Any JSON value: some routes answer a list.
    private static func value(_ text: String) -> JSONValue? {
        (try? JSONObject(reading: "{\"v\":\(text)}"))?["v"]
    }

    private func message(
        _ method: DeskMethod, _ path: String, _ body: JSONObject, _ query: [(name: String, value: String)]
    ) throws -> String {
        let asked = query.map { "\(PercentText.encoded($0.name))=\(PercentText.encoded($0.value))" }
        let target = url.prefix + path + (asked.isEmpty ? "" : "?" + asked.joined(separator: "&"))
        var head = "\(method.rawValue) \(target) HTTP/1.1\r\nhost: \(url.address.authority)\r\n"
        head += "accept: application/json\r\nconnection: close\r\nuser-agent: weir\r\n"
        if let key {
            let text = key.revealed()
            guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw CommandFault("the key holds blanks or characters that no key has")
            }
            head += "authorization: Bearer \(text)\r\n"
        }
        guard method == .post else { return head + "\r\n" }
        let content = JSONWriter.text(of: .object(body))
        head += "content-type: application/json\r\ncontent-length: \(content.utf8.count)\r\n"
        return head + "\r\n" + content
    }

    private func unreachable(_ fault: GatewayFault) -> CommandFault {
        // The library's own words name files of the build.
        guard fault.detail.contains("handshake") else {
            let reason = fault.detail.isEmpty ? fault.message : fault.detail
            return CommandFault(
                "\(url.text) cannot be reached: \(reason). Is Weir running there? Name another with --url, or go to its "
                    + "store with --store or --data-dir.")
        }
        return CommandFault(
            fault.detail.contains("CERTIFICATE")
                ? "the certificate of \(url.text) is not trusted: name the file of its authority with --cacert"
                : "\(url.text) does not answer in TLS; does it serve https?")
    }

    private func refusal(_ status: Int, _ text: String) -> CommandFault {
        let error = Self.value(text)?.object?.object("error")
        let message = error?.string("message") ?? "it answered with status \(status)"
        switch status {
        case 401:
            let advice =
                key == nil
                ? "No key was given: set WEIR_API_KEY or LITELLM_MASTER_KEY, or use --key."
                : "It does not take this key: give an admin's with --key, WEIR_API_KEY or LITELLM_MASTER_KEY."
            return CommandFault("\(url.text) refused (401): \(message) \(advice)")
        case 404 where error == nil:
            return CommandFault("\(url.text) has no management API there (404); check --url")
        default: return CommandFault("\(url.text) refused (\(status)): \(message)")
        }
    }
}
