import Testing
import WeirCore
import WeirStorage
import WeirTestKit

@testable import WeirDrivers

/// The standby is the same server under another name: who answered is what `application_name` says.
@Suite struct PostgresStandbyTests {
    private struct Scene {
        let proxy: CuttingProxy
        let primary: PostgresDatabase
        let standby: PostgresStandby
        let clock: TestClock
        /// What is told of the standby: true, it serves again.
        let told: AsyncStream<Bool>

        func answerer() async throws -> SQLValue {
            try await standby.rows("SELECT current_setting('application_name')")[0][0]
        }

        func close() async {
            await standby.close()
            await primary.close()
            proxy.close()
        }
    }

    private func scene() async throws -> Scene {
        let server = try await PostgresServer.shared()
        let proxy = try CuttingProxy(to: server.port)
        let clock = TestClock()
        let primary = try PostgresDatabase(try PostgresSettings(url: server.url), time: clock.source)
        let url = "postgresql://postgres@127.0.0.1:\(proxy.port)/postgres?sslmode=disable&application_name=standby"
        let (told, tell) = AsyncStream.makeStream(of: Bool.self)
        let standby = PostgresStandby(try PostgresSettings(url: url), of: primary, time: clock.source) {
            tell.yield($0 == nil)
        }
        return Scene(proxy: proxy, primary: primary, standby: standby, clock: clock, told: told)
    }

    @Test func `it is read from, and written to is the primary`() async throws {
        let scene = try await scene()
        #expect(try await scene.answerer() == .text("standby"))
        let writer = try await scene.standby.write { session in
            try session.query("SELECT current_setting('application_name')").map(\.values)
        }
        #expect(writer == [[.text("weir")]])
        await scene.close()
    }

    @Test func `the primary is read from while it is away, and it is read from again when it is back`() async throws {
        let scene = try await scene()
        var told = scene.told.makeAsyncIterator()
        #expect(try await scene.answerer() == .text("standby"))
        scene.proxy.cut()
        for _ in 0..<3 { #expect(try await scene.answerer() == .text("weir")) }
        #expect(await told.next() == false)
        scene.proxy.heal()
        #expect(try await scene.answerer() == .text("weir"), "nobody asks it over and over")
        scene.clock.advance(nanoseconds: PostgresStandby.pause)
        #expect(try await scene.answerer() == .text("weir"), "nobody waits for it")
        #expect(await told.next() == true)
        #expect(try await scene.answerer() == .text("standby"))
        await scene.close()
    }

    @Test func `what it does not know yet the primary is asked`() async throws {
        let scene = try await scene()
        let name = try await scene.standby.read { session in
            let rows = try session.query("SELECT current_setting('application_name')")
            if rows[0].text(0) == "standby" { _ = try session.query("SELECT * FROM not_replayed_yet") }
            return rows[0].text(0)
        }
        #expect(name == "weir")
        #expect(try await scene.answerer() == .text("standby"), "that is no reason to leave it")
        await scene.close()
    }

    @Test func `what the reader himself throws is thrown once`() async throws {
        struct Own: Error {}
        let scene = try await scene()
        await #expect(throws: Own.self) { try await scene.standby.read { _ -> Int in throw Own() } }
        #expect(try await scene.answerer() == .text("standby"))
        await scene.close()
    }
}
