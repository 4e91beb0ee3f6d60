import NIOCore
import WeirCoordination

/// How a question becomes a command of Redis, and its reply an answer.
struct RedisQuestion {
    let question: SharedQuestion

    /// Numbers beyond this are not exact in Lua.
    static let highest = 1 << 53

    var script: RedisScript {
        switch question {
        case .lease, .giveBack, .restore: .window
        case .slots: .slots
        case .heartbeat: .heartbeat
        }
    }

    /// The key that decides about the hash slot. Slots and heartbeats share one, because one script reads both.
    func key(_ namespace: String) -> String {
        switch question {
        case .lease(let id, _, _, _, _), .giveBack(let id, _, _), .restore(let id, _, _): "{\(namespace):l:\(id)}"
        case .slots(let id, _, _, _, _): "{\(namespace):replicas}:s:\(id)"
        case .heartbeat: "{\(namespace):replicas}"
        }
    }

    /// Writes the command: by the script's digest, or with its whole text where the server shall not know it.
    func write(_ namespace: String, digest: String?, into bytes: inout ByteBuffer) {
        let key = key(namespace)
        let (keys, arguments) =
            switch question {
            case .lease: (1, 5)
            case .giveBack: (1, 3)
            case .restore(_, _, let ages): (2, 1 + 2 * ages.count)
            case .slots: (2, 4)
            case .heartbeat: (1, 2)
            }
        RESPCodec.begin(3 + keys + arguments, into: &bytes)
        RESPCodec.write(digest == nil ? "EVAL" : "EVALSHA", into: &bytes)
        RESPCodec.write(digest ?? script.text, into: &bytes)
        RESPCodec.write(Int64(keys), into: &bytes)
        RESPCodec.write(key, into: &bytes)
        switch question {
        case .lease(_, let limit, let window, let amount, let atLeast):
            RESPCodec.write("lease", into: &bytes)
            for number in [window, limit, amount, atLeast] { Self.write(number, &bytes) }
        case .giveBack(_, let bucket, let amount):
            RESPCodec.write("back", into: &bytes)
            RESPCodec.write(bucket, into: &bytes)
            Self.write(amount, &bytes)
        case .restore(_, let replica, let ages):
            RESPCodec.write("\(key):\(replica)", into: &bytes)
            RESPCodec.write("tell", into: &bytes)
            for use in ages {
                Self.write(use.ageMilliseconds, &bytes)
                Self.write(use.count, &bytes)
            }
        case .slots(_, let limit, let replica, let held, let wanted):
            RESPCodec.write("{\(namespace):replicas}", into: &bytes)
            RESPCodec.write(replica, into: &bytes)
            for number in [limit, held, wanted] { Self.write(number, &bytes) }
        case .heartbeat(let replica, let report):
            RESPCodec.write(replica, into: &bytes)
            RESPCodec.write(report, into: &bytes)
        }
    }

    private static func write(_ number: Int, _ bytes: inout ByteBuffer) {
        RESPCodec.write(Int64(min(max(number, 0), highest)), into: &bytes)
    }

    /// The answer in a reply; nil when the reply has another form.
    func answer(_ reply: RESPValue) -> SharedAnswer? {
        switch question {
        case .lease:
            guard let parts = reply.elements, parts.count == 4, let granted = parts[0].number,
                let bucket = parts[1].number, let remaining = parts[2].number, let frees = parts[3].number
            else { return nil }
            return .lease(
                granted: Int(granted), bucket: bucket, remaining: Int(remaining), freesAfterMilliseconds: Int(frees))
        case .giveBack, .restore: return reply.number == nil ? nil : .done
        case .slots: return reply.number.map { .slots(granted: Int($0)) }
        case .heartbeat:
            guard let parts = reply.elements, parts.count % 2 == 0 else { return nil }
            var replicas: [SharedReplica] = []
            for index in stride(from: 0, to: parts.count, by: 2) {
                guard let name = parts[index].text, case .bytes(let report) = parts[index + 1] else { return nil }
                replicas.append(SharedReplica(name: name, report: Array(report.readableBytesView)))
            }
            return .replicas(replicas)
        }
    }
}
