/// Why a patch cannot be applied: a mistake of the one who made it, never of a client.
package enum PatchConflict: Error, Sendable, Equatable {
    /// Two edits want the same bytes.
    case overlap(Range<Int>, Range<Int>)
    /// An edit reaches outside the body.
    case outside(Range<Int>)
    /// A member was inserted, but the body is no object.
    case notAnObject
}
