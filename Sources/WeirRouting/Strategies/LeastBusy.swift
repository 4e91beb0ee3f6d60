/// `least-busy`: the fewest attempts under way, here and on other replicas; among equals at random.
enum LeastBusy {
    @inline(__always)
    static func score(inFlight: Int, remote: Int) -> Double { Double(inFlight + remote) }
}
