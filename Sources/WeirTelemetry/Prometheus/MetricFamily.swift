package import WeirCore

/// A metric that somebody else keeps, handed in when the text is made.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable { case counter, gauge }

    package enum Value: Sendable, Equatable {
        case integer(Int)
        case real(Double)
        case money(Money)
        /// Written in seconds.
        case nanoseconds(UInt64)
    }

    /// One series; the labels are written in this order and escaped by the writer.
    package struct Sample: Sendable {
        package let labels: [(name: String, value: String)]
        package let value: Value

        package init(_ value: Value, labels: [(name: String, value: String)] = []) {
            self.labels = labels
            self.value = value
        }
    }

    /// A name of letters, digits, `_` and `:`; a counter's ends in `_total`.
    package let name: String
    package let help: String
    package let kind: Kind
    package let samples: [Sample]

    package init(_ name: String, help: String, kind: Kind, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}
