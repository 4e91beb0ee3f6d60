extension Schema {
    // `alias_folded` is the kind's alias with the letters of ASCII in lowercase: lists are sorted by it, and searched through.
    // Who has none stands last, in both databases: hence the expression at the start of each index.
    static let sortedLists = [
        """
        ALTER TABLE weir_keys ADD COLUMN alias_folded {text}
        """,
        """
        ALTER TABLE weir_keys ADD COLUMN max_budget BIGINT
        """,
        """
        ALTER TABLE weir_users ADD COLUMN alias_folded {text}
        """,
        """
        ALTER TABLE weir_teams ADD COLUMN alias_folded {text}
        """,
        """
        UPDATE weir_keys SET alias_folded = lower(key_alias) WHERE key_alias IS NOT NULL
        """,
        """
        UPDATE weir_keys SET max_budget = CASE
            WHEN CAST({member:max_budget:} AS NUMERIC) < 9000000000
            THEN CAST(ROUND(CAST({member:max_budget:} AS NUMERIC) * 1000000000) AS BIGINT)
            ELSE 9000000000000000000 END
        WHERE {member:max_budget:} IS NOT NULL
        """,
        """
        UPDATE weir_users SET alias_folded = lower(substr({member:user_alias:}, 1, 256))
        WHERE {member:user_alias:} IS NOT NULL AND {member:user_alias:} <> ''
        """,
        """
        UPDATE weir_teams SET alias_folded = lower(team_alias) WHERE team_alias IS NOT NULL
        """,
        """
        CREATE INDEX weir_keys_by_alias ON weir_keys ((alias_folded IS NULL), alias_folded, id)
        """,
        """
        CREATE INDEX weir_keys_by_max_budget ON weir_keys ((max_budget IS NULL), max_budget, id)
        """,
        """
        CREATE INDEX weir_users_by_email ON weir_users ((user_email IS NULL), user_email, id)
        """,
        """
        CREATE INDEX weir_users_by_alias ON weir_users ((alias_folded IS NULL), alias_folded, id)
        """,
        """
        CREATE INDEX weir_users_by_role ON weir_users ((user_role IS NULL), user_role, id)
        """,
        """
        CREATE INDEX weir_teams_by_alias ON weir_teams ((alias_folded IS NULL), alias_folded, id)
        """,
    ]
}
