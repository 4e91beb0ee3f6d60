/// A simulation as a picture: requests served over time, stacked by deployment, with a lane for each deployment that
/// rested. Plain SVG that any browser shows.
package struct SimulationPicture: Sendable {
    private static let width = 1000.0
    private static let left = 70.0
    private static let right = 20.0
    private static let top = 64.0
    private static let chart = 320.0
    private static let lane = 18.0
    /// Deployments with colours of their own; the rest shares one.
    private static let shown = 10
    /// Okabe and Ito's palette, told apart by the colour-blind, and two more.
    private static let colours = [
        "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#CC79A7", "#F0E442", "#8C564B", "#7F7FBF", "#4D9221", "#999999",
    ]
    private static let unserved = "#D62728"

    private let report: SimulationReport
    /// Deployments in the order of the stack: those that served most at the bottom.
    private let order: [Int]
    private let peak: Double
    private let span: Double

    package init(_ report: SimulationReport) {
        self.report = report
        let timeline = report.timeline
        order = report.deployments.indices.sorted {
            let (left, right) = (report.deployments[$0].served, report.deployments[$1].served)
            return left == right ? $0 < $1 : left > right
        }
        let totals = (0..<timeline.count).map { step in
            (0..<timeline.deployments).reduce(timeline.unserved(step)) { $0 + timeline.served(step, $1) }
        }
        peak = Double(max(totals.max() ?? 0, 1))
        span = Double(max(timeline.count, 1))
    }

    /// The whole file.
    package var svg: String {
        let rested = order.filter { index in report.cooldowns.contains { $0.deployment == index } }.prefix(40)
        let lanes = Self.top + Self.chart + 44
        let legend = lanes + (rested.isEmpty ? 0 : Double(rested.count) * Self.lane + 30)
        let rows = (min(order.count, Self.shown + 1) + 4) / 3
        let height = legend + Double(rows) * 20 + 16
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(height))" \
            font-family="sans-serif" font-size="12" fill="#222">
            <rect width="100%" height="100%" fill="#fff"/>
            <text x="\(n(Self.left))" y="24" font-size="16">\(title)</text>
            <text x="\(n(Self.left))" y="44" fill="#555">\(subtitle)</text>

            """
        svg += axes
        svg += stack
        if !rested.isEmpty { svg += restLanes(Array(rested), top: lanes) }
        return svg + self.legend(top: legend) + "</svg>\n"
    }

    private var title: String {
        "\(report.count(.served)) of \(report.requests) requests served in \(TimeText.text(report.duration))"
    }

    private var subtitle: String {
        "requests per second; \(report.retries) retries, \(report.fallbacks) fallbacks, \(report.tooMany) with 429, "
            + "\(report.cooldownCount) cooldowns; seed \(report.seed)"
    }

    // MARK: Chart

    private var plotWidth: Double { Self.width - Self.left - Self.right }
    private var stepSeconds: Double { Double(report.timeline.step) / 1e9 }

    private func x(step: Double) -> Double { Self.left + step / span * plotWidth }
    private func x(time: UInt64) -> Double { min(x(step: Double(time) / Double(report.timeline.step)), x(step: span)) }
    private func y(_ count: Double) -> Double { Self.top + Self.chart * (1 - count / peak) }

    private var axes: String {
        var svg = ""
        let rate = peak / stepSeconds
        let stride = Self.stride(rate, parts: 5)
        var value = 0.0
        while value <= rate {
            let height = y(value * stepSeconds)
            svg += "<path d=\"M\(n(Self.left)) \(n(height))H\(n(x(step: span)))\" stroke=\"#ddd\"/>\n"
            svg += "<text x=\"\(n(Self.left - 8))\" y=\"\(n(height + 4))\" text-anchor=\"end\">\(plain(value))</text>\n"
            value += stride
        }
        let seconds = span * stepSeconds
        let unit = seconds > 600 ? 60.0 : 1.0
        let step = Self.stride(seconds / unit, parts: 10)
        var time = 0.0
        while time * unit <= seconds {
            let place = x(step: time * unit / stepSeconds)
            svg += "<text x=\"\(n(place))\" y=\"\(n(Self.top + Self.chart + 18))\" text-anchor=\"middle\">"
            svg += "\(plain(time)) \(unit == 60 ? "min" : "s")</text>\n"
            time += step
        }
        return svg
    }

    private var stack: String {
        let timeline = report.timeline
        var base = Array(repeating: 0.0, count: timeline.count)
        var svg = ""
        func layer(_ colour: String, _ name: String, _ amount: (Int) -> Int) {
            let tops = base.indices.map { base[$0] + Double(amount($0)) }
            guard tops != base else { return }
            var path = ""
            for step in base.indices {
                path += "\(step == 0 ? "M" : "L")\(n(x(step: Double(step)))) \(n(y(tops[step])))"
                path += "H\(n(x(step: Double(step + 1))))"
            }
            for step in base.indices.reversed() {
                path += "L\(n(x(step: Double(step + 1)))) \(n(y(base[step])))H\(n(x(step: Double(step))))"
            }
            svg += "<path d=\"\(path)Z\" fill=\"\(colour)\"><title>\(escaped(name))</title></path>\n"
            base = tops
        }
        for (place, index) in order.prefix(Self.shown).enumerated() {
            layer(Self.colours[place], report.deployments[index].label) { timeline.served($0, index) }
        }
        let others = order.dropFirst(Self.shown)
        layer("#cccccc", "others") { step in others.reduce(0) { $0 + timeline.served(step, $1) } }
        layer(Self.unserved, "not served") { timeline.unserved($0) }
        return svg
    }

    /// One lane for each deployment that rested: dark while it rests, light until it has proved itself.
    private func restLanes(_ rested: [Int], top: Double) -> String {
        var svg = "<text x=\"\(n(Self.left))\" y=\"\(n(top))\" fill=\"#555\">cooldowns</text>\n"
        for (row, index) in rested.enumerated() {
            let height = top + 8 + Double(row) * Self.lane
            let label = report.deployments[index].label
            svg += "<text x=\"\(n(Self.left - 8))\" y=\"\(n(height + 11))\" text-anchor=\"end\" font-size=\"10\">"
            svg += "\(escaped(String(label.suffix(11))))</text>\n"
            svg +=
                "<rect x=\"\(n(Self.left))\" y=\"\(n(height))\" width=\"\(n(plotWidth))\" height=\"13\" fill=\"#f2f2f2\"/>\n"
            for cooldown in report.cooldowns where cooldown.deployment == index {
                let (from, until) = (x(time: cooldown.from), x(time: cooldown.until))
                svg += bar(from, until, height, "#B22222", "\(label) rests from \(TimeText.seconds(cooldown.from)) s")
                if let back = cooldown.backAt, x(time: back) > until {
                    svg += bar(until, x(time: back), height, "#F4A582", "\(label) on trial")
                }
            }
        }
        return svg
    }

    private func bar(_ from: Double, _ until: Double, _ top: Double, _ colour: String, _ title: String) -> String {
        "<rect x=\"\(n(from))\" y=\"\(n(top))\" width=\"\(n(max(until - from, 1)))\" height=\"13\" fill=\"\(colour)\">"
            + "<title>\(escaped(title))</title></rect>\n"
    }

    private func legend(top: Double) -> String {
        var entries = order.prefix(Self.shown).enumerated().map { place, index in
            let deployment = report.deployments[index]
            return (Self.colours[place], "\(deployment.label): \(deployment.served)")
        }
        if order.count > Self.shown { entries.append(("#cccccc", "\(order.count - Self.shown) others")) }
        entries.append((Self.unserved, "not served: \(report.requests - report.count(.served))"))
        return entries.enumerated().map { place, entry in
            let left = Self.left + Double(place % 3) * plotWidth / 3
            let base = top + Double(place / 3) * 20
            return "<rect x=\"\(n(left))\" y=\"\(n(base))\" width=\"12\" height=\"12\" fill=\"\(entry.0)\"/>"
                + "<text x=\"\(n(left + 18))\" y=\"\(n(base + 10))\">\(escaped(entry.1))</text>\n"
        }.joined()
    }

    // MARK: Words

    /// A round distance between lines, so that there are about `parts` of them.
    private static func stride(_ whole: Double, parts: Double) -> Double {
        var unit = 0.01
        while unit * 10 * parts <= whole { unit *= 10 }
        return [1, 2, 5, 10].map { $0 * unit }.first { $0 * parts >= whole } ?? unit * 10
    }

    private func plain(_ number: Double) -> String {
        TimeText.decimal(number, decimals: number == number.rounded() ? 0 : 2)
    }

    private func n(_ number: Double) -> String { TimeText.decimal(number, decimals: 1) }

    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            default: if character.unicodeScalars.allSatisfy({ $0.value >= 32 }) { escaped.append(character) }
            }
        }
    }
}
