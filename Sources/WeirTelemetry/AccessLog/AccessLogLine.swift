import WeirCore

/// One request as one line of JSON. What is not known is left out; texts are cut at 256 bytes.
///
/// `key` is the beginning of the key's digest, enough to find it and not enough to try keys against. Times are
/// milliseconds, `cost` is US dollars with all its decimals.
enum AccessLogLine {
    /// The longest line in bytes: fourteen texts, and what is between them.
    static let capacity = 14 * LineCursor.escapedTextBytes + 2_048
    private static let keyBytes = 12

    /// Writes the line with its line feed into `memory`, which holds `capacity` bytes, and returns its length.
    static func write(_ event: RequestEvent, into memory: UnsafeMutablePointer<UInt8>) -> Int {
        var line = LineCursor(memory)
        line.raw("{\"time\":\"")
        line.time(event.startedAt)
        line.raw("\",\"id\":\"")
        line.text(event.callID)
        line.raw("\",\"route\":\"")
        line.text(event.route)
        if let principal = event.principal {
            if !principal.keyHash.isEmpty {
                line.raw("\",\"key\":\"")
                line.text(principal.keyHash, limit: keyBytes)
            }
            field(&line, "\",\"key_alias\":\"", principal.alias)
            if let grant = principal.grant {
                field(&line, "\",\"user\":\"", grant.userID ?? "")
                field(&line, "\",\"team\":\"", grant.teamID ?? "")
            }
        }
        field(&line, "\",\"end_user\":\"", event.endUser)
        field(&line, "\",\"client\":\"", event.clientAddress)
        field(&line, "\",\"model\":\"", event.requestedModel)
        if let deployment = event.deployment {
            field(&line, "\",\"group\":\"", deployment.group)
            field(&line, "\",\"deployment\":\"", deployment.id)
            field(&line, "\",\"vendor\":\"", deployment.vendor)
        }
        field(&line, "\",\"user_agent\":\"", event.userAgent)
        line.raw("\",\"ending\":\"")
        line.raw(word(for: event.ending))
        if let fault = event.fault {
            line.raw("\",\"source\":\"")
            line.raw(word(for: fault.source))
            line.raw("\",\"fault\":\"")
            line.text(fault.rawValue)
            field(&line, "\",\"detail\":\"", event.faultDetail)
        }
        line.raw("\",\"status\":")
        line.number(event.status)
        line.raw(event.streams ? ",\"stream\":true,\"attempts\":" : ",\"stream\":false,\"attempts\":")
        line.number(event.attempts)
        if let usage = event.usage {
            line.raw(",\"prompt_tokens\":")
            line.number(usage.promptTokens)
            line.raw(",\"completion_tokens\":")
            line.number(usage.completionTokens)
            line.raw(",\"cached_tokens\":")
            line.number(usage.cachedTokens)
        }
        if let cost = event.cost {
            line.raw(",\"cost\":")
            line.money(cost)
        }
        if event.timeToFirstByte > 0 {
            line.raw(",\"first_byte_ms\":")
            line.milliseconds(event.timeToFirstByte)
        }
        if event.timeToFirstToken > 0 {
            line.raw(",\"first_token_ms\":")
            line.milliseconds(event.timeToFirstToken)
        }
        if event.attempts > 0 {
            line.raw(",\"upstream_ms\":")
            line.milliseconds(event.upstreamDuration)
        }
        line.raw(",\"total_ms\":")
        line.milliseconds(event.duration)
        line.raw(",\"bytes_in\":")
        line.number(event.bytesIn)
        line.raw(",\"bytes_out\":")
        line.number(event.bytesOut)
        line.raw("}\n")
        return line.count
    }

    /// `name` closes the field before it and opens this one.
    private static func field(_ line: inout LineCursor, _ name: StaticString, _ value: String) {
        guard !value.isEmpty else { return }
        line.raw(name)
        line.text(value)
    }

    private static func word(for ending: Ending) -> StaticString {
        switch ending {
        case .complete: "complete"
        case .clientLeft: "client_left"
        case .upstreamBroke: "upstream_broke"
        }
    }

    private static func word(for source: GatewayFault.Source) -> StaticString {
        switch source {
        case .client: "client"
        case .gateway: "gateway"
        case .upstream: "upstream"
        }
    }
}
