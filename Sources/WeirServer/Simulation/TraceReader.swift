import WeirCore
import WeirWire

/// Reads recorded traffic: JSON lines with `t` (seconds) and `model`, and optionally `tokens_in`, `tokens_out`, `stream`,
/// `key` (the alias of a key), `session` and `tags`. Blank lines are skipped.
package enum TraceReader {
    /// Lines beyond this are refused: each costs 32 bytes.
    package static let maximumLines = 20_000_000

    private struct Problem: Error {
        let text: String
    }

    /// `name` is what faults call the file.
    package static func read(_ bytes: UnsafeRawBufferPointer, name: String) throws(SimulationFault) -> Traffic {
        var requests: [Traffic.Request] = []
        var profiles: [Traffic.Profile] = []
        var places: [Traffic.Profile: Int32] = [:]
        var number = 0
        var start = 0
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            start = end + 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            guard requests.count < maximumLines else {
                throw SimulationFault("\(name) has more than \(maximumLines) lines; play it in parts")
            }
            do throws(Problem) {
                var (request, profile) = try self.request(line)
                if let place = places[profile] {
                    request.profile = place
                } else {
                    request.profile = Int32(truncatingIfNeeded: profiles.count)
                    places[profile] = request.profile
                    profiles.append(profile)
                }
                requests.append(request)
            } catch {
                throw SimulationFault("\(name), line \(number): \(error.text)")
            }
        }
        guard !requests.isEmpty else {
            throw SimulationFault(
                "\(name) has no requests; write one JSON object a line: {\"t\": 0.5, \"model\": \"gpt-4o\"}")
        }
        return .trace(requests, profiles)
    }

    private static func request(
        _ line: UnsafeRawBufferPointer
    ) throws(Problem) -> (Traffic.Request, Traffic.Profile) {
        let scan: JSONObjectScan
        do throws(JSONViolation) { scan = try JSONScanner.scan(line, maximumDepth: 4) } catch {
            throw Problem(text: "\(error.sentence), at column \(error.offset + 1)")
        }
        guard let t = scan.value(of: "t", in: line), let seconds = decimal(line, t), seconds >= 0, seconds <= 31_536_000
        else { throw Problem(text: "`t` must be a number of seconds from 0 to a year") }
        guard let model = try text("model", scan, line), !model.isEmpty else {
            throw Problem(text: "`model` must be the name of a model")
        }
        var profile = Traffic.Profile(model: model)
        if let stream = scan.value(of: "stream", in: line), !JSONText.isNull(line, stream) {
            guard let value = JSONText.bool(line, stream) else { throw Problem(text: "`stream` must be true or false") }
            profile.streams = value
        }
        profile.key = try text("key", scan, line) ?? ""
        if let tags = scan.value(of: "tags", in: line), !JSONText.isNull(line, tags) {
            for element in JSONScanner.elements(of: tags, in: line) {
                guard let tag = try? JSONText.string(line, element) else {
                    throw Problem(text: "`tags` must be a list of texts")
                }
                profile.tags.append(tag)
            }
        }
        let request = Traffic.Request(
            at: UInt64(seconds * 1e9), profile: 0, tokensIn: try tokens("tokens_in", scan, line),
            tokensOut: try tokens("tokens_out", scan, line), session: session(try text("session", scan, line)))
        return (request, profile)
    }

    private static func text(
        _ key: StaticString, _ scan: JSONObjectScan, _ line: UnsafeRawBufferPointer
    ) throws(Problem) -> String? {
        guard let range = scan.value(of: key, in: line), !JSONText.isNull(line, range) else { return nil }
        guard let text = try? JSONText.string(line, range) else { throw Problem(text: "`\(key)` must be a text") }
        return text
    }

    private static func tokens(
        _ key: StaticString, _ scan: JSONObjectScan, _ line: UnsafeRawBufferPointer
    ) throws(Problem) -> Int32 {
        guard let range = scan.value(of: key, in: line), !JSONText.isNull(line, range) else { return 0 }
        guard let number = JSONText.int(line, range), (0...100_000_000).contains(number) else {
            throw Problem(text: "`\(key)` must be a whole number from 0 to 100000000")
        }
        return Int32(truncatingIfNeeded: number)
    }

    private static func decimal(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) -> Double? {
        Double(String(decoding: UnsafeRawBufferPointer(rebasing: line[range]), as: UTF8.self))
    }

    /// FNV-1a; never 0 for a name.
    private static func session(_ name: String?) -> UInt64 {
        guard let name else { return 0 }
        return max(Digest64(of: name).value, 1)
    }
}
