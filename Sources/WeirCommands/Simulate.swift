import ArgumentParser
import Foundation
import WeirServer

/// `weir simulate`
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play traffic against a configuration in virtual time: who serves what when something fails.",
        discussion: """
            Nothing is called and nothing sleeps: limits, strategies, retries, cooldowns and fallbacks are those that \
            `weir serve` uses, the upstreams are made up. The same seed gives the same result.

              weir simulate config.yaml --rps 50 --minutes 10 --fail gpt-4o#1=down@60s-180s --svg out.svg

            DEPLOYMENT is an id (model_info.id), a model's name (all of its deployments), MODEL#2 (its second), \
            VENDOR/MODEL, an api_base, or * for all.

            --fail DEPLOYMENT=WHAT[@FROM[-TO]], where WHAT is one of
              0.3, 30%, 0.3:503, 1:429,retry-after=30s   a share of calls fails (500, or a status or failure class)
              down                                       connections are refused
              flap=10s/5s                                down for 10 s, up for 5 s, again and again
              slow=3x, slow=2s                           slower by a factor or a time
            --latency DEPLOYMENT=MEDIAN[,p99=TIME][,pN=TIME][,token=TIME][,first=TIME]
              log-normal through these percentiles (default 1s,p99=4s); token= is added for each token of the answer.

            A trace has one JSON object a line:
              {"t": 0.25, "model": "gpt-4o", "tokens_in": 900, "tokens_out": 150, "stream": true}
            and optionally "key" (a key or its alias), "session" and "tags".
            """)

    @Argument(help: "The configuration.")
    var path: String

    @Option(help: "A file of recorded requests, instead of --rps and --minutes.")
    var trace: String?

    @Option(help: "Requests a second on average, at random times.")
    var rps: Double?

    @Option(help: "Minutes of traffic.")
    var minutes: Double?

    @Option(help: "The model that is asked for; may be given more than once (default: all models in turn).")
    var model: [String] = []

    @Flag(help: "The requests want streams.")
    var stream = false

    @Option(help: "The key that asks, or its alias, for limits by key.")
    var key = ""

    @Option(help: "Tokens of a prompt on average.")
    var tokensIn = 500

    @Option(help: "Tokens of an answer on average.")
    var tokensOut = 200

    @Option(help: "What is wrong with a deployment, and when; may be given more than once.")
    var fail: [String] = []

    @Option(help: "How long a deployment takes; may be given more than once.")
    var latency: [String] = []

    @Option(help: "Another seed gives another course of chance.")
    var seed: UInt64 = 1

    @Flag(help: "Write JSON instead of tables.")
    var json = false

    @Option(help: "Write a picture to this file.")
    var svg: String?

    /// More requests than this are refused: they would take hours.
    private static let mostRequests = 200_000_000.0
    private static let largestTrace = 2 << 30

    func validate() throws {
        if trace != nil {
            guard rps == nil, minutes == nil, model.isEmpty else {
                throw ValidationError("--trace has its own times and models: leave --rps, --minutes and --model away")
            }
        } else {
            guard let rps, let minutes else {
                throw ValidationError("say what traffic to play: --rps N --minutes M, or --trace FILE")
            }
            guard rps > 0, rps <= 1_000_000 else { throw ValidationError("--rps must be above 0, and at most 1000000") }
            guard minutes > 0, minutes <= 527_040 else {
                throw ValidationError("--minutes must be above 0, and at most a year (527040)")
            }
            guard rps * minutes * 60 <= Self.mostRequests else {
                throw ValidationError("these are \(rps * minutes * 60) requests; play at most 200 million")
            }
        }
        guard (0...10_000_000).contains(tokensIn), (0...10_000_000).contains(tokensOut) else {
            throw ValidationError("--tokens-in and --tokens-out must be between 0 and 10000000")
        }
    }

    func run() throws {
        ProcessSurroundings.tuneMemory()
        let rooms = try OfflineReading.rooms(of: path)
        var plan = SimulationPlan()
        plan.failures = fail
        plan.latencies = latency
        plan.seed = seed
        let report: SimulationReport
        do throws(SimulationFault) {
            report = try plan.play(try traffic(rooms), in: rooms)
        } catch {
            throw ValidationError(error.description)
        }
        if let svg { try write(SimulationPicture(report).svg, to: svg) }
        print(json ? report.json : report.text, terminator: json ? "\n" : "")
    }

    private func traffic(_ rooms: OfflineRooms) throws(SimulationFault) -> Traffic {
        if let trace { return try read(trace) }
        let models = model.isEmpty ? SimulationPlan.models(rooms) : model
        guard !models.isEmpty else {
            throw SimulationFault("the configuration has only patterns as models; say which one with --model NAME")
        }
        var steady = Traffic.Steady(perSecond: rps ?? 1, duration: UInt64((minutes ?? 1) * 60e9))
        steady.tokensIn = tokensIn
        steady.tokensOut = tokensOut
        return .steady(steady, models.map { .init(model: $0, streams: stream, key: key) })
    }

    private func read(_ path: String) throws(SimulationFault) -> Traffic {
        let data: Data
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= Self.largestTrace else {
                throw SimulationFault("\(path) is larger than 2 GB; play it in parts")
            }
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch let fault as SimulationFault {
            throw fault
        } catch {
            throw SimulationFault("cannot read \(path); check that the file is there and may be read")
        }
        let read = data.withUnsafeBytes { bytes in
            Result { () throws(SimulationFault) in try TraceReader.read(bytes, name: path) }
        }
        return try read.get()
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ValidationError("cannot write to \(path); check that its directory is there and may be written to")
        }
    }
}
