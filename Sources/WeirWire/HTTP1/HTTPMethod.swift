/// A request's method. Names are case-sensitive: `get` is `other`.
package enum HTTPMethod: UInt8, Sendable, CaseIterable {
    case get, post, put, patch, delete, head, options, trace, connect, other

    /// The method whose name the `count` bytes from `start` are.
    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
        switch count {
        case 3: self = ASCII.equal(start, "GET") ? .get : ASCII.equal(start, "PUT") ? .put : .other
        case 4: self = ASCII.equal(start, "POST") ? .post : ASCII.equal(start, "HEAD") ? .head : .other
        case 5: self = ASCII.equal(start, "PATCH") ? .patch : ASCII.equal(start, "TRACE") ? .trace : .other
        case 6: self = ASCII.equal(start, "DELETE") ? .delete : .other
        case 7: self = ASCII.equal(start, "OPTIONS") ? .options : ASCII.equal(start, "CONNECT") ? .connect : .other
        default: self = .other
        }
    }
}
