import Synchronization

/// The series of all loops: gives each set of labels its number, once, and keeps their count within a limit.
///
/// Shared by the loops, so that the limit and what falls under it are the same for all; a loop asks only when it meets a
/// set of labels for the first time.
package final class SeriesDirectory: Sendable {
    /// One set of labels and its number; numbers are dense and never given twice.
    final class Series: Sendable {
        let id: Int
        let labels: SeriesLabels

        init(id: Int, labels: SeriesLabels) {
            self.id = id
            self.labels = labels
        }
    }

    private struct State {
        var series: [SeriesLabels: Series] = [:]
        /// Series that are not the overflow's.
        var own = 0
        var models: Set<String> = []
    }

    /// The longest name of a model, in bytes, that may become a label.
    private static let modelNameBytes = 256

    private let state = Mutex(State())
    private let seriesLimit: Int
    private let modelNameLimit: Int

    /// - Parameters:
    ///   - seriesLimit: sets of labels that are kept apart; requests beyond it count in series whose values are `other`.
    ///   - modelNameLimit: names of models, other than those of the configuration, that may be labels. Clients choose
    ///     them where a wildcard deployment takes any name.
    package init(seriesLimit: Int = 10_000, modelNameLimit: Int = 1_000) {
        self.seriesLimit = max(seriesLimit, 1)
        self.modelNameLimit = max(modelNameLimit, 0)
    }

    func series(_ labels: SeriesLabels) -> Series {
        state.withLock { state in
            if let known = state.series[labels] { return known }
            var labels = labels
            if state.own >= seriesLimit {
                labels = labels.overflow
                if let known = state.series[labels] { return known }
            } else {
                state.own += 1
            }
            let series = Series(id: state.series.count, labels: labels)
            state.series[labels] = series
            return series
        }
    }

    /// Whether the name may be a label; the first ones to ask may.
    func admits(model: String) -> Bool {
        guard model.utf8.count <= Self.modelNameBytes else { return false }
        return state.withLock { state in
            if state.models.contains(model) { return true }
            guard state.models.count < modelNameLimit else { return false }
            state.models.insert(model)
            return true
        }
    }
}
