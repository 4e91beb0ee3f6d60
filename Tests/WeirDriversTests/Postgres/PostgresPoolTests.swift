import Synchronization
import Testing
import WeirCore
import WeirStorage
import WeirTestKit

@testable import WeirDrivers

@Suite struct PostgresPoolTests {
    private func visit(_ pool: PostgresPool) async -> SQLFault? {
        await withCheckedContinuation { done in
            pool.lend { lent in
                switch lent {
                case .success(let connection):
                    pool.giveBack(connection)
                    done.resume(returning: nil)
                case .failure(let fault): done.resume(returning: fault)
                }
            }
        }
    }

    @Test func `a connection that nobody used for a minute is closed`() async throws {
        let clock = TestClock()
        let pool = PostgresPool(try PostgresSettings(url: try await PostgresServer.shared().url), time: clock.source)
        #expect(pool.count == 0)
        #expect(await visit(pool) == nil)
        #expect(pool.count == 1)
        clock.advance(milliseconds: 59_000)
        pool.tick()
        #expect(pool.count == 1)
        clock.advance(milliseconds: 1000)
        pool.tick()
        #expect(pool.count == 0)
        #expect(await visit(pool) == nil)
        await pool.close()
        #expect(pool.count == 0)
    }

    @Test func `a failed attempt speaks for a quarter of a second`() async throws {
        let clock = TestClock()
        let proxy = try CuttingProxy(to: try await PostgresServer.shared().port)
        proxy.cut()
        let url = "postgresql://postgres@127.0.0.1:\(proxy.port)/postgres?sslmode=disable"
        let pool = PostgresPool(try PostgresSettings(url: url), time: clock.source)
        let first = await visit(pool)
        guard case .unavailable(let why) = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        #expect(why.hasPrefix("PostgreSQL at 127.0.0.1:\(proxy.port)/postgres cannot be reached: "))
        proxy.heal()
        clock.advance(milliseconds: 249)
        #expect(await visit(pool) == first)
        clock.advance(milliseconds: 1)
        #expect(await visit(pool) == nil)
        await pool.close()
        proxy.close()
    }

    @Test func `who waits gets the connection that is given back, in turn`() async throws {
        var settings = try PostgresSettings(url: try await PostgresServer.shared().url)
        settings.poolLimit = 1
        let pool = PostgresPool(settings, time: TestClock().source)
        let order = Mutex<[Int]>([])
        let lent: PostgresConnection = try await withCheckedThrowingContinuation { done in
            pool.lend { done.resume(with: $0) }
        }
        await withCheckedContinuation { done in
            for number in 1...3 {
                pool.lend { lent in
                    guard case .success(let connection) = lent else { return }
                    order.withLock { $0.append(number) }
                    pool.giveBack(connection)
                    if number == 3 { done.resume() }
                }
            }
            pool.giveBack(lent)
        }
        #expect(order.withLock { $0 } == [1, 2, 3])
        #expect(pool.count == 1)
        await pool.close()
    }

    @Test func `who waits too long is told so, and who comes to a full queue at once`() async throws {
        let clock = TestClock()
        var settings = try PostgresSettings(url: try await PostgresServer.shared().url)
        settings.poolLimit = 1
        settings.queueLimit = 1
        let place = settings.place
        let pool = PostgresPool(settings, time: clock.source)
        let lent: PostgresConnection = try await withCheckedThrowingContinuation { done in
            pool.lend { done.resume(with: $0) }
        }
        let waiting = await withCheckedContinuation { done in
            pool.lend { lent in
                if case .failure(let fault) = lent { done.resume(returning: fault) }
            }
            pool.lend { lent in
                guard case .failure(let fault) = lent else { return }
                #expect(fault == .unavailable("Too many wait for a connection to PostgreSQL at \(place)."))
            }
            clock.advance(milliseconds: 60_000)
            pool.tick()
        }
        #expect(
            waiting
                == .unavailable(
                    "No connection to PostgreSQL at \(place) became free within 60 s; all 1 are in use."))
        pool.giveBack(lent)
        await pool.close()
    }

    @Test func `a closed pool turns everybody away`() async throws {
        let pool = PostgresPool(try PostgresSettings(url: "postgresql://127.0.0.1:1/x"), time: TestClock().source)
        await pool.close()
        #expect(await visit(pool) == .unavailable("The database is closed."))
    }
}
