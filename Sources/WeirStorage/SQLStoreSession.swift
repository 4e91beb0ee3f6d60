import WeirAccess

/// One transaction of an `SQLStore`. Its statements stand in the folders beside this file, one for each family of tables.
///
/// Parameters stand in each statement in the order of their numbers. A text with U+0000 is never handed to a database: nothing
/// that is stored has one, so it finds nothing.
struct SQLStoreSession: StoreSession {
    let sql: any SQLSession
    let places: PagePlaces?

    init(_ sql: any SQLSession, _ places: PagePlaces?) {
        self.sql = sql
        self.places = places
    }

    var dialect: SQLDialect { sql.dialect }

    /// Held until the transaction ends. SQLite's writer has his turn from the start.
    ///
    /// A lock of a table and not an advisory lock: on PostgreSQL, `LOCK TABLE` is the only way to wait before the transaction's
    /// view of the data is taken, and a view from before the wait would refuse every change that follows. No other statement
    /// touches this table, autovacuum included.
    func waitForTurn() throws(StoreFault) {
        guard dialect == .postgres else { return }
        try execute("LOCK TABLE weir_turn IN EXCLUSIVE MODE")
    }

    func query(_ statement: String, _ values: [SQLValue] = []) throws(StoreFault) -> [SQLRow] {
        do { return try sql.query(statement, values) } catch { throw StoreFault(error) }
    }

    @discardableResult
    func execute(_ statement: String, _ values: [SQLValue] = []) throws(StoreFault) -> Int {
        do { return try sql.execute(statement, values) } catch { throw StoreFault(error) }
    }
}
