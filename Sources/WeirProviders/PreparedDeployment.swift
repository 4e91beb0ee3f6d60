import NIOCore
package import WeirCore
import WeirWire

/// A deployment with everything made ready that does not depend on the request: heads of requests, default members, the
/// model's name as JSON.
package final class PreparedDeployment: Sendable {
    package let deployment: Deployment
    package let settings: ProviderSettings
    /// Whether the base's paths begin at the root or with `/v1`; nil where that is known.
    package let basePath: BasePathMemory?
    /// Answers here, without an upstream.
    package let local: LocalModel?
    private let heads: [CallHead]
    private let rootHeads: [CallHead]
    private let model: Bytes
    private let defaults: [Member]
    private let forced: [Member]
    private let dropped: [String]
    /// Nothing is configured that would change a body beyond its model's name.
    private let isPlain: Bool

    private struct Member: Sendable {
        let name: String
        let key: Bytes
        let value: Bytes

        init(_ name: String, _ json: String) {
            self.name = name
            key = JSONWriter.text(of: name)
            value = Bytes(string: json)
        }
    }

    package init(_ deployment: Deployment, _ settings: ProviderSettings, basePath: BasePathMemory?) {
        self.deployment = deployment
        self.settings = settings
        let vendor = settings.vendor
        let isOpen = vendor?.mayLackVersionPath == true && settings.base?.path.isEmpty == true
        self.basePath = isOpen ? basePath : nil
        model = JSONWriter.text(of: Self.name(deployment.upstreamModel, vendor))
        defaults = settings.defaults.map { Member($0.name, $0.json) }
        forced = settings.forced.map { Member($0.name, $0.json) }
        dropped = settings.dropped + (settings.dropsUnsupported ? vendor?.unsupported ?? [] : [])
        isPlain = defaults.isEmpty && forced.isEmpty && dropped.isEmpty && vendor?.wantsMaxTokens != true
        if let text = settings.mockText {
            local = .fixed(text)
        } else {
            local = settings.echoes ? .echo : nil
        }
        if let vendor, let base = settings.base, local == nil {
            let make = { (prefix: String) in
                Operation.allCases.map { CallHead(vendor, base, prefix, $0, deployment.upstreamModel, settings) }
            }
            heads = make(isOpen ? "/v1" : base.path)
            rootHeads = isOpen ? make("") : heads
        } else {
            heads = []
            rootHeads = []
        }
    }

    /// The request for `call`.
    ///
    /// - Parameters:
    ///   - model: the model's name at the upstream when it depends on the request (a wildcard's), else nil.
    ///   - forwarded: field lines of the client's that go on, each ending in CRLF.
    /// Throws `invalidParameter` for a body whose members cannot be told apart.
    package func request(
        for call: ModelCall, model wildcard: String?, forwarded: Bytes
    ) throws(GatewayFault) -> OutboundRequest {
        if let named = ClientCredentials.named(in: call) {
            let (target, rest) = try ClientCredentials.applied(to: self, call, named)
            return try target.request(for: rest, model: wildcard, forwarded: forwarded)
        }
        guard !heads.isEmpty else {
            throw GatewayFault(
                .notSupported,
                "The provider '\(deployment.vendor)' of this model is not served yet, or its api_base is missing: the "
                    + "admin can tell with `weir check`.")
        }
        let head = (basePath?.choice == .root ? rootHeads : heads)[Int(call.operation.rawValue)]
        let timeouts = call.streams ? settings.streamTimeouts : settings.timeouts
        let body: [Bytes]
        if isPlain, wildcard == nil, let plain = plainBody(for: call) {
            body = plain
        } else {
            body = try self.body(for: call, wildcard)
        }
        let length = body.reduce(0) { $0 + $1.readableBytes }
        let joined = Self.joinedPieces(body, length)
        let joinedLength = body[..<joined].reduce(0) { $0 + $1.readableBytes }
        let capacity = head.fixed.readableBytes + forwarded.readableBytes + 160 + joinedLength
        let message = HeadWriter.make(capacity: capacity) { writer in
            head.write(into: &writer, model: wildcard)
            writer.buffer(forwarded)
            if let contentType = call.contentType {
                writer.literal("content-type: ")
                writer.text(contentType)
                writer.literal("\r\ncontent-length: ")
            } else {
                writer.literal("content-type: application/json\r\ncontent-length: ")
            }
            writer.number(length)
            writer.literal("\r\n\r\n")
            for piece in body[..<joined] { writer.buffer(piece) }
        }
        return OutboundRequest(
            address: head.address, message: message, rest: Array(body[joined...]), timeouts: timeouts)
    }

    /// How many pieces are copied behind the head: all of a small body, else those before the first large one.
    private static func joinedPieces(_ body: [Bytes], _ length: Int) -> Int {
        if length <= 16_384 { return body.count }
        return body.firstIndex { $0.readableBytes > 4096 } ?? body.count
    }

    /// We ask for the usage at a stream's end although the client did not.
    package func asksForUsage(_ call: ModelCall) -> Bool {
        call.streams && !call.wantsUsage && call.operation.hasStreamOptions && settings.vendor?.hasStreamOptions == true
            && !dropped.contains("stream_options")
    }

    private static func name(_ model: String, _ vendor: CompatibleVendor?) -> String {
        guard let prefix = vendor?.modelPrefix, !prefix.isEmpty, !model.contains("/") else { return model }
        return prefix + model
    }

    // MARK: Body

    /// Only the model's name is replaced, and the usage asked for: what nearly every request needs. The pieces are slices
    /// of what the client sent. Nil when more is to be done.
    private func plainBody(for call: ModelCall) -> [Bytes]? {
        guard !call.operation.isMultipart, let range = call.modelRange, let last = call.members.last else { return nil }
        let asks = asksForUsage(call)
        if asks, call.member("stream_options") != nil { return nil }
        let start = call.body.readerIndex
        let end = call.body.readableBytes
        let cut = asks ? last.value.upperBound : end
        guard let before = call.body.getSlice(at: start, length: range.lowerBound),
            let between = call.body.getSlice(at: start + range.upperBound, length: cut - range.upperBound)
        else { return nil }
        guard asks, let after = call.body.getSlice(at: start + cut, length: end - cut) else {
            return [before, model, between]
        }
        return [before, model, between, Self.usageWish, after]
    }

    private static let usageWish = Bytes(string: #","stream_options":{"include_usage":true}"#)

    private func body(for call: ModelCall, _ wildcard: String?) throws(GatewayFault) -> [Bytes] {
        do throws(PatchConflict) {
            if call.operation.isMultipart {
                var patch = BytePatch()
                if let range = call.modelRange {
                    patch.replace(
                        range, with: Bytes(string: wildcard ?? Self.name(deployment.upstreamModel, settings.vendor)))
                }
                return try patch.pieces(of: call.body)
            }
            return try patch(call, wildcard).pieces(of: call.body)
        } catch {
            throw GatewayFault(.invalidParameter, "The request's body cannot be rewritten for its upstream: \(error).")
        }
    }

    private func patch(_ call: ModelCall, _ wildcard: String?) -> JSONPatch {
        var patch = JSONPatch(members: call.members)
        let isForced = forced.contains { $0.name == "model" }
        let model = wildcard.map { JSONWriter.text(of: Self.name($0, settings.vendor)) } ?? model
        if let range = call.modelRange {
            if !isForced { patch.replace(range, with: model) }
        } else if !isForced {
            patch.insert(key: JSONWriter.text(of: "model"), value: model)
        }
        let isSetHere = (forced + defaults).contains { $0.name == "stream_options" }
        if asksForUsage(call), !isSetHere { askForUsage(call, &patch) }
        if !dropped.isEmpty || !forced.isEmpty || !defaults.isEmpty { applyMembers(call, &patch) }
        if settings.vendor?.wantsMaxTokens == true, !dropped.contains("max_completion_tokens"),
            let member = call.member("max_completion_tokens"), call.member("max_tokens") == nil
        {
            patch.replace(member.key, with: Bytes(string: "max_tokens"))
        }
        return patch
    }

    private func askForUsage(_ call: ModelCall, _ patch: inout JSONPatch) {
        guard let options = call.member("stream_options") else {
            return patch.insert("stream_options", value: #"{"include_usage":true}"#)
        }
        let isObject = call.body.withUnsafeReadableBytes { JSONText.isObject($0, options.value) }
        guard isObject else {
            return patch.replace(options.value, with: Bytes(string: #"{"include_usage":true}"#))
        }
        let inner = call.body.withUnsafeReadableBytes {
            JSONScanner.member(of: options.value, named: "include_usage", in: $0)
        }
        if let inner {
            patch.replace(inner, with: Bytes(string: "true"))
        } else {
            let start = options.value.lowerBound + 1
            let isEmpty = call.body.withUnsafeReadableBytes { bytes in
                bytes[start..<options.value.upperBound].first { $0 > 0x20 } == UInt8(ascii: "}")
            }
            patch.replace(
                start..<start, with: Bytes(string: isEmpty ? #""include_usage":true"# : #""include_usage":true,"#))
        }
    }

    /// What is dropped goes first; what is forced is there in any case; a default fills what the client left open. The
    /// model's name is never dropped.
    private func applyMembers(_ call: ModelCall, _ patch: inout JSONPatch) {
        let dropped = dropped.filter { $0 != "model" }
        for name in dropped {
            if let member = Self.member(name, of: call) { patch.remove(member) }
        }
        for member in forced {
            if let given = Self.member(member.name, of: call), !dropped.contains(member.name) {
                patch.replace(given.value, with: member.value)
            } else {
                patch.insert(key: member.key, value: member.value)
            }
        }
        for member in defaults
        where Self.member(member.name, of: call) == nil && !dropped.contains(member.name)
            && !forced.contains(where: { $0.name == member.name }) && !isSpokenFor(member.name, call)
        {
            patch.insert(key: member.key, value: member.value)
        }
    }

    /// The client gave the other name of the same limit.
    private func isSpokenFor(_ name: String, _ call: ModelCall) -> Bool {
        name == "max_tokens" && call.member("max_completion_tokens") != nil
            || name == "max_completion_tokens" && call.member("max_tokens") != nil
    }

    private static func member(_ name: String, of call: ModelCall) -> JSONMember? {
        call.body.withUnsafeReadableBytes { bytes in
            call.members.first { $0.key.count == name.utf8.count && name.utf8.elementsEqual(bytes[$0.key]) }
        }
    }

    // MARK: Health

    /// Questions that show whether the upstream is up, cheapest first; none of them costs tokens. A reply of 404, 405 or 501
    /// says only that this question is not known there. Empty for a model that answers here.
    ///
    /// - Parameter endpoint: the path that self-hosted servers answer without a key, such as `/health`.
    package func healthQuestions(endpoint: String, timeouts: UpstreamTimeouts) -> [OutboundRequest] {
        guard let vendor = settings.vendor, let base = settings.base, local == nil else { return [] }
        var targets: [(path: String, shows: Bool)] = []
        if vendor.isKeyless || vendor.mayLackVersionPath && base != vendor.base.flatMap({ BaseURL($0) }) {
            targets.append((endpoint, false))
        }
        switch vendor.addressForm {
        case .azure:
            targets.append(("/openai/models?api-version=\(settings.apiVersion ?? AzureVersion.standard)", true))
        case .plain:
            targets.append(((basePath == nil || basePath?.choice == .root ? base.path : "/v1") + "/models", true))
        }
        return targets.map { target in
            let head = CallHead.question(target.path, base.address, target.shows ? settings : nil, vendor)
            return OutboundRequest(address: base.address, message: head, rest: [], timeouts: timeouts)
        }
    }

    // MARK: Secrets

    /// `text` with every secret of this deployment masked, should an upstream have repeated one.
    package func masked(_ text: Bytes) -> Bytes {
        let secrets = [settings.key].compactMap { $0 } + settings.extraFields.map(\.value)
        return SecretMask.mask(text, secrets)
    }
}
