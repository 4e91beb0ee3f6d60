/// Decides when a changed configuration is read and whether it takes effect. Does nothing itself.
///
/// A configuration with errors, or one that could not be put in force, never replaces the one that is in force. The same contents
/// are never read twice, except on a hangup signal. A change is read once two looks in a row have found the same contents, so that
/// a file that is still being written is left alone.
package struct ReloadStateMachine: Sendable {
    package enum Event: Sendable {
        /// The watched files were looked at.
        case polled(ConfigFingerprint)
        /// The operator asks for a reload (SIGHUP).
        case hangup
        /// A `read` has ended.
        case readFinished(ConfigReading)
        /// The document of an `apply` is in force.
        case applied
        /// It could not be put in force; the earlier one still is.
        case applyFailed(String)
    }

    package enum Action: Sendable {
        /// Read the configuration and report with `readFinished`.
        case read
        /// Put this in force and report with `applied` or `applyFailed`.
        case apply(ConfigDocument)
        /// Tell the operator why the configuration was refused.
        case reject(String)
    }

    private enum State {
        /// → settling, reading
        case idle
        /// A change was seen once. → idle, reading
        case settling(ConfigFingerprint)
        /// → idle, applying
        case reading
        /// → idle
        case applying(ConfigFingerprint)
    }

    private var state = State.idle
    private var inForce: ConfigFingerprint
    /// What was read last, whether it took effect or not.
    private var seen: ConfigFingerprint
    private var readsAgain = false
    package private(set) var status = ReloadStatus()

    /// Starts with the configuration that is in force: the result of the first reading.
    package init(inForce: ConfigReading) {
        self.inForce = inForce.fingerprint
        seen = inForce.fingerprint
    }

    /// The files to look at: those that the last reading asked for.
    package var files: [String] { seen.files }

    /// Takes in what happened at `now` (nanoseconds since 1970) and says what to do, in this order.
    package mutating func handle(_ event: Event, at now: UInt64) -> [Action] {
        switch event {
        case .polled(let fingerprint): return polled(fingerprint)
        case .hangup: return hangup()
        case .readFinished(let reading): return readFinished(reading, now)
        case .applied:
            guard case .applying(let fingerprint) = state else { return [] }
            inForce = fingerprint
            status.successes += 1
            status.lastSuccess = now
            status.lastError = nil
            return settled([])
        case .applyFailed(let reason):
            guard case .applying = state else { return [] }
            return settled([refused(reason, now)])
        }
    }

    private mutating func polled(_ fingerprint: ConfigFingerprint) -> [Action] {
        switch state {
        case .reading, .applying: return []
        case .idle:
            if fingerprint != seen { state = .settling(fingerprint) }
            return []
        case .settling(let earlier):
            if fingerprint == seen {
                state = .idle
            } else if fingerprint == earlier {
                state = .reading
                return [.read]
            } else {
                state = .settling(fingerprint)
            }
            return []
        }
    }

    private mutating func hangup() -> [Action] {
        switch state {
        case .idle, .settling:
            state = .reading
            return [.read]
        case .reading, .applying:
            readsAgain = true
            return []
        }
    }

    private mutating func readFinished(_ reading: ConfigReading, _ now: UInt64) -> [Action] {
        guard case .reading = state else { return [] }
        seen = reading.fingerprint
        if seen == inForce {
            // Back to what is in force: whatever was wrong in between is mended.
            status.lastError = nil
            return settled([])
        }
        guard let document = reading.document else {
            return settled([refused(reading.errors.map(\.description).joined(separator: "\n"), now)])
        }
        if let main = seen.files.first, seen.isEmpty(main) {
            // Truncated and not yet written again, most likely; nobody takes all models away by emptying the file.
            return settled([refused("\(main) is empty: write the configuration again", now)])
        }
        state = .applying(seen)
        return [.apply(document)]
    }

    private mutating func refused(_ reason: String, _ now: UInt64) -> Action {
        status.failures += 1
        status.lastFailure = now
        status.lastError = reason
        return .reject(reason)
    }

    private mutating func settled(_ actions: [Action]) -> [Action] {
        guard readsAgain else {
            state = .idle
            return actions
        }
        readsAgain = false
        state = .reading
        return actions + [.read]
    }
}
