import WeirCore
import WeirPipeline
import WeirProviders

/// One look at a backend: the questions that cost nothing, and a call for one token where the configuration wants it.
struct HealthProbe: Sendable {
    enum Verdict: Sendable, Equatable {
        case up
        /// Why, in a sentence without secrets.
        case down(String)
        /// The question was given up: it says nothing.
        case unknown
    }

    /// Lists of models are read up to this size; whoever sends more is up as well.
    static let replyBytes = 4 << 20
    /// The longest waits where the configuration names none: somebody waits for the answer, nobody does, a model has to
    /// think first.
    static let patience = Timeout.seconds(2)
    static let backgroundPatience = Timeout.seconds(5)
    static let inferencePatience = Timeout.seconds(30)

    /// The path that self-hosted servers answer without a key.
    let endpoint: String
    /// An upstream's 408 and 429 say nothing against it. A timeout of ours does.
    let ignoresTransientErrors: Bool
    let patience: Timeout
    /// Nanoseconds since 1970.
    let wall: @Sendable () -> UInt64

    func look(at target: HealthTarget, _ inquirer: Inquirer) async -> Verdict {
        if target.isLocal { return .up }
        if target.inference == .always, let verdict = await infer(target, inquirer) { return verdict }
        let limit = timeouts(target.timeout ?? patience)
        let questions = target.prepared.healthQuestions(endpoint: endpoint, timeouts: limit)
        if questions.isEmpty { return .down("the vendor \(target.prepared.deployment.vendor) is not served yet") }
        for question in questions {
            do throws(GatewayFault) {
                let status = try await inquirer.ask(question, limit: Self.replyBytes).status
                if (200..<300).contains(status) { return .up }
                guard [404, 405, 501].contains(status) else { return verdict(onStatus: status) }
            } catch {
                return error.code == .clientLeft ? .unknown : .down(error.message)
            }
        }
        // A server that knows none of the questions still answers: it is up, unless the model itself shall be asked.
        if target.inference == .ifNothingElse, let verdict = await infer(target, inquirer) { return verdict }
        return .up
    }

    private func verdict(onStatus status: Int) -> Verdict {
        if ignoresTransientErrors, status == 408 || status == 429 { return .up }
        return .down("the backend answered its health check with status \(status)")
    }

    /// Nil when the model cannot be asked in a cheap way.
    private func infer(_ target: HealthTarget, _ inquirer: Inquirer) async -> Verdict? {
        let limit = timeouts(target.timeout ?? max(patience, Self.inferencePatience))
        let question = target.prepared.inferenceQuestion(model: target.model, mode: target.mode, timeouts: limit)
        guard let question else { return nil }
        do throws(GatewayFault) {
            let answer = try await inquirer.ask(question, limit: Self.replyBytes)
            return verdict(on: answer, target)
        } catch {
            return error.code == .clientLeft ? .unknown : .down(error.message)
        }
    }

    private func verdict(on answer: Inquirer.Answer, _ target: HealthTarget) -> Verdict {
        if (200..<300).contains(answer.status) { return .up }
        // Whether the base's paths begin with /v1 is found out by the first request of a client.
        if answer.status == 404, target.prepared.basePath?.choice == .unknown { return .up }
        let fault = GatewayFault(.upstreamError, "", upstream: answer.reply)
        let failure = FailureTable.failure(of: fault, vendor: target.prepared.deployment.vendor, wall: wall())
        // A model that finds fault with the question is there.
        guard failure.kind.coolsDown else { return .up }
        if ignoresTransientErrors, answer.status == 408 || answer.status == 429 { return .up }
        return .down(
            "the backend answered a call for one token with status \(answer.status) (\(failure.kind.rawValue))")
    }

    private func timeouts(_ limit: Timeout) -> UpstreamTimeouts {
        UpstreamTimeouts(connect: limit, firstByte: limit, idle: limit, total: limit)
    }
}
