/// Times as people write and read them: `250ms`, `60s`, `1.5m`, `2h`; a bare number is seconds.
enum TimeText {
    /// Ten years: more than anything that is simulated.
    private static let longest = 315_360_000e9

    /// Nanoseconds; nil for anything that is no time, below zero, or beyond ten years.
    static func nanoseconds(_ text: some StringProtocol) -> Double? {
        let units: [(String, Double)] = [("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9)]
        let unit = units.first { text.hasSuffix($0.0) && text.dropLast($0.0.count).last?.isNumber == true }
        let digits = text.dropLast(unit?.0.count ?? 0)
        guard digits.first?.isNumber == true, let number = Double(digits), number.isFinite else { return nil }
        let time = number * (unit?.1 ?? 1e9)
        return time <= longest ? time : nil
    }

    /// A time to read, with three digits: `87.1 ms`, `1.02 s`, `12.0 min`.
    static func text(_ nanoseconds: UInt64) -> String {
        let time = Double(nanoseconds)
        if time < 1e6 { return number(time / 1e3) + " us" }
        if time < 1e9 { return number(time / 1e6) + " ms" }
        if time < 600e9 { return number(time / 1e9) + " s" }
        return number(time / 60e9) + " min"
    }

    /// Seconds with `decimals` digits after the point, for machines and axes.
    static func seconds(_ nanoseconds: UInt64, decimals: Int = 3) -> String {
        decimal(Double(nanoseconds) / 1e9, decimals: decimals)
    }

    static func decimal(_ number: Double, decimals: Int) -> String {
        var scale = 1
        for _ in 0..<max(decimals, 0) { scale *= 10 }
        let whole = Int((abs(number) * Double(scale)).rounded())
        let sign = number < 0 && whole > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let rest = String(whole % scale)
        return "\(sign)\(whole / scale).\(String(repeating: "0", count: decimals - rest.count))\(rest)"
    }

    private static func number(_ number: Double) -> String {
        decimal(number, decimals: number < 9.995 ? 2 : number < 99.95 ? 1 : 0)
    }
}
