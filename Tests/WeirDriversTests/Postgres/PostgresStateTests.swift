import Testing
import WeirStorage

@testable import WeirDrivers

@Suite struct PostgresStateTests {
    @Test(arguments: [
        ("23505", SQLFault.duplicate("c")), ("23503", .refused("m")), ("23502", .refused("m")),
        ("23514", .refused("m")),
        ("22P02", .refused("m")), ("22003", .refused("m")), ("P0001", .refused("m")), ("40001", .serialization("m")),
        ("40P01", .serialization("m")), ("57P01", .unavailable("PostgreSQL cannot serve: m.")),
        ("53300", .unavailable("PostgreSQL cannot serve: m.")), ("08006", .unavailable("PostgreSQL cannot serve: m.")),
        ("25006", .unavailable("PostgreSQL cannot write: m.")),
        ("57014", .unavailable("PostgreSQL ended a statement that took too long: m.")),
        ("55P03", .unavailable("PostgreSQL did not give a lock in time: m.")),
        ("42P01", .broken("m (SQLSTATE 42P01)")), ("42601", .broken("m (SQLSTATE 42601)")),
        ("08P01", .broken("m (SQLSTATE 08P01)")), ("25P02", .broken("m (SQLSTATE 25P02)")),
    ])
    func `a state is told in the words of the store`(_ state: String, fault: SQLFault) {
        #expect(PostgresState.fault(state, "m", constraint: "c") == fault)
    }

    @Test func `a pooler that lost its server is unavailable`() {
        let fault = PostgresState.fault("08P01", "m", constraint: nil, isFatal: true)
        #expect(fault == .unavailable("PostgreSQL cannot serve: m."))
    }

    @Test(arguments: [("57P01", false, true), ("25006", false, true), ("42601", true, true), ("42601", false, false)])
    func `some states end the connection`(_ state: String, isFatal: Bool, ends: Bool) {
        #expect(PostgresState.endsConnection(state, isFatal: isFatal) == ends)
    }

    @Test(arguments: [
        ("t", UInt32(16), SQLValue.bool(true)), ("f", 16, .bool(false)), ("-5", 20, .int(-5)), ("7", 21, .int(7)),
        ("7", 23, .int(7)), ("1.5", 701, .double(1.5)), ("3", 701, .double(3)), ("12", 1700, .int(12)),
        ("12.50", 1700, .text("12.50")), ("99999999999999999999", 1700, .text("99999999999999999999")),
        ("", 2278, .null), ("{1,2}", 1016, .text("{1,2}")), ("12", 25, .text("12")),
    ])
    func `a value has the type of its column`(_ text: String, type: UInt32, value: SQLValue) {
        #expect(PostgresAnswer.value(text, type: type) == value)
    }

    @Test func `a missing libpq is one clear sentence`() {
        let found = #expect(throws: SQLFault.self) { try LibPQ.load("libpq-of-nobody.so.5") }
        #expect(
            found
                == .unavailable(
                    "libpq-of-nobody.so.5 is not installed, which PostgreSQL needs: apt install libpq5"))
    }
}
