package import WeirCore

/// Where keys, users and teams are kept, and who may do what with them: parts of `general_settings` and
/// `litellm_settings`, and the variables that stand in for them.
package struct StoreSection: Sendable {
    /// `database_url`, else `DATABASE_URL`, else put together of `DATABASE_HOST`, `_PORT`, `_NAME`, `_USERNAME`, `_PASSWORD` and
    /// `_SCHEMA`. Nil: SQLite.
    package var databaseURL: Secret?
    /// Where `databaseURL` is written; no line: in the environment.
    package var databasePlace = SourceLocation(file: "environment", line: 0)
    /// `DATABASE_URL_READ_REPLICA`.
    package var replicaURL: Secret?
    /// `database_connection_pool_limit`: 1 to 1000 connections.
    package var poolLimit: Int?
    /// `database_connection_timeout`, or `database_connection_pool_timeout`: longest wait for a connection of the pool.
    package var poolTimeout: Duration?
    /// `database_connect_timeout`.
    package var connectTimeout: Duration?
    /// `WEIR_MASTER_SECRET`, else `LITELLM_SALT_KEY`: what secrets in the store are sealed with. Nil: the master key.
    package var masterSecret: Secret?
    /// `store_model_in_db`, else `STORE_MODEL_IN_DB`. Nil when nothing is said.
    package var storesModels: Bool?
    /// `allow_requests_on_db_unavailable`: keys that cannot be looked up are let in.
    package var servesWithoutDatabase = false
    /// `user_api_key_cache_max_size`: keys kept in memory.
    package var keyCacheSize: Int?
    /// `disable_custom_api_keys`.
    package var refusesCustomKeys = false
    /// `max_end_user_budget_id`: the budget of customers who have none.
    package var defaultCustomerBudget: String?
    package var defaultKeyParams = JSONObject()
    package var upperboundKeyParams = JSONObject()
    package var keyGeneration = JSONObject()
    package var defaultUserParams = JSONObject()
    package var defaultTeamParams = JSONObject()

    package init() {}
}
