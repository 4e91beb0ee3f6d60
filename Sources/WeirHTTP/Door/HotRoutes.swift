import NIOCore
import WeirCore

/// The routes that call a model: matched byte by byte on the path, before anything else is looked at.
struct HotRoute {
    let operation: Operation
    /// The path's own form, for logs and metrics, from a closed set.
    let name: String
    /// The model that the path names (`/engines/{model}/…`), percent-encoded.
    let model: Range<Int>?
}

enum HotRoutes {
    private struct Row: Sendable {
        let operation: Operation
        let plain: [UInt8]
        let versioned: String
        let bare: String
    }

    private static let rows: [Row] =
        Operation.allCases.map {
            Row(operation: $0, plain: Array($0.path.utf8), versioned: "/v1" + $0.path, bare: $0.path)
        } + [
            Row(
                operation: .rerank, plain: Array("/v2/rerank".utf8), versioned: "/v2/rerank", bare: "/v2/rerank")
        ]
    private static let engines = Array("/engines/".utf8)
    private static let deployments = Array("/openai/deployments/".utf8)
    private static let version = Array("/v1".utf8)

    /// The route of this path; nil when it is no model call.
    static func match(_ bytes: UnsafeRawBufferPointer, _ path: Range<Int>) -> HotRoute? {
        var rest = path
        let hasVersion =
            starts(bytes, rest, version) && rest.count > 3 && bytes[rest.lowerBound + 3] == UInt8(ascii: "/")
        if hasVersion { rest = rest.lowerBound + 3..<rest.upperBound }
        for row in rows where row.plain.count == rest.count && starts(bytes, rest, row.plain) {
            return HotRoute(operation: row.operation, name: hasVersion ? row.versioned : row.bare, model: nil)
        }
        for prefix in [engines, deployments] where starts(bytes, rest, prefix) {
            return named(bytes, rest, prefix.count)
        }
        return nil
    }

    /// The path is a model call's, whatever the method.
    static func isCall(_ head: Bytes, _ path: Range<Int>) -> Bool {
        head.withUnsafeReadableBytes { match($0, path) != nil }
    }

    /// `/engines/{model}/chat/completions`: the model is all between the prefix and the operation, slashes included.
    private static func named(_ bytes: UnsafeRawBufferPointer, _ path: Range<Int>, _ prefix: Int) -> HotRoute? {
        let start = path.lowerBound + prefix
        for row in rows where path.upperBound - row.plain.count > start {
            let tail = path.upperBound - row.plain.count..<path.upperBound
            if starts(bytes, tail, row.plain) {
                return HotRoute(operation: row.operation, name: row.bare, model: start..<tail.lowerBound)
            }
        }
        return nil
    }

    private static func starts(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count >= text.count else { return false }
        var at = range.lowerBound
        for byte in text {
            if bytes[at] != byte { return false }
            at += 1
        }
        return true
    }
}
