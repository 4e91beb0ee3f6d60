import WeirCommands

@main
enum Weir {
    static func main() async { await WeirProcess.run() }
}
