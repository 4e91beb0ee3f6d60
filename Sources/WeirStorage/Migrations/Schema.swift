/// The tables of the store, as steps that are only ever added to: a step that any release has carried out is never changed.
///
/// What a step adds must not disturb the release before it, so that replicas can be replaced one by one; what would, comes in
/// two releases: first the new beside the old, then the old away.
package enum Schema {
    /// In the order of their numbers, which go up by one from 1.
    package static let steps = [
        SchemaStep(1, "entities, memberships, audit, changes", first),
        SchemaStep(2, "lists sorted by names and budgets", sortedLists),
    ]

    // Texts that are looked up are compared byte by byte in both databases: their order never depends on a locale, and
    // an index serves beginnings of texts, too. `weir_<kind>_<field>` holds the order in which entities were made, so that the
    // pages of a filtered list are found in the index alone. Names start with `weir_`, so that LiteLLM's own tables can be
    // in the same database. `weir_turn` stays empty: whoever writes locks it.
    private static let first = [
        """
        CREATE TABLE weir_keys (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            key_alias {text},
            user_id {text},
            team_id {text},
            organization_id {text},
            budget_id {text}
        )
        """,
        """
        CREATE INDEX weir_keys_created ON weir_keys (created, id)
        """,
        """
        CREATE INDEX weir_keys_updated ON weir_keys (updated, id)
        """,
        """
        CREATE INDEX weir_keys_spend ON weir_keys (spend, id)
        """,
        """
        CREATE UNIQUE INDEX weir_keys_key_alias ON weir_keys (key_alias, COALESCE(team_id, ''))
        """,
        """
        CREATE INDEX weir_keys_user_id ON weir_keys (user_id, created, id)
        """,
        """
        CREATE INDEX weir_keys_team_id ON weir_keys (team_id, created, id)
        """,
        """
        CREATE INDEX weir_keys_organization_id ON weir_keys (organization_id, created, id)
        """,
        """
        CREATE INDEX weir_keys_budget_id ON weir_keys (budget_id, created, id)
        """,
        """
        CREATE INDEX weir_keys_created_by ON weir_keys (created_by, created, id)
        """,
        """
        CREATE TABLE weir_retired_keys (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL
        )
        """,
        """
        CREATE INDEX weir_retired_keys_created ON weir_retired_keys (created, id)
        """,
        """
        CREATE TABLE weir_users (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            user_email {text},
            sso_user_id {text},
            user_role {text},
            organization_id {text}
        )
        """,
        """
        CREATE INDEX weir_users_created ON weir_users (created, id)
        """,
        """
        CREATE INDEX weir_users_updated ON weir_users (updated, id)
        """,
        """
        CREATE INDEX weir_users_spend ON weir_users (spend, id)
        """,
        """
        CREATE UNIQUE INDEX weir_users_user_email ON weir_users (user_email)
        """,
        """
        CREATE UNIQUE INDEX weir_users_sso_user_id ON weir_users (sso_user_id)
        """,
        """
        CREATE INDEX weir_users_user_role ON weir_users (user_role, created, id)
        """,
        """
        CREATE INDEX weir_users_organization_id ON weir_users (organization_id, created, id)
        """,
        """
        CREATE TABLE weir_teams (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            team_alias {text},
            organization_id {text}
        )
        """,
        """
        CREATE INDEX weir_teams_created ON weir_teams (created, id)
        """,
        """
        CREATE INDEX weir_teams_updated ON weir_teams (updated, id)
        """,
        """
        CREATE INDEX weir_teams_spend ON weir_teams (spend, id)
        """,
        """
        CREATE INDEX weir_teams_team_alias ON weir_teams (team_alias, created, id)
        """,
        """
        CREATE INDEX weir_teams_organization_id ON weir_teams (organization_id, created, id)
        """,
        """
        CREATE TABLE weir_organizations (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            organization_alias {text},
            budget_id {text}
        )
        """,
        """
        CREATE INDEX weir_organizations_created ON weir_organizations (created, id)
        """,
        """
        CREATE INDEX weir_organizations_organization_alias ON weir_organizations (organization_alias, created, id)
        """,
        """
        CREATE INDEX weir_organizations_budget_id ON weir_organizations (budget_id, created, id)
        """,
        """
        CREATE TABLE weir_customers (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            budget_id {text}
        )
        """,
        """
        CREATE INDEX weir_customers_created ON weir_customers (created, id)
        """,
        """
        CREATE INDEX weir_customers_budget_id ON weir_customers (budget_id, created, id)
        """,
        """
        CREATE TABLE weir_budgets (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL
        )
        """,
        """
        CREATE INDEX weir_budgets_created ON weir_budgets (created, id)
        """,
        """
        CREATE TABLE weir_tags (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            budget_id {text}
        )
        """,
        """
        CREATE INDEX weir_tags_created ON weir_tags (created, id)
        """,
        """
        CREATE INDEX weir_tags_budget_id ON weir_tags (budget_id, created, id)
        """,
        """
        CREATE TABLE weir_models (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            model_name {text},
            team_id {text}
        )
        """,
        """
        CREATE INDEX weir_models_created ON weir_models (created, id)
        """,
        """
        CREATE INDEX weir_models_model_name ON weir_models (model_name, created, id)
        """,
        """
        CREATE INDEX weir_models_team_id ON weir_models (team_id, created, id)
        """,
        """
        CREATE TABLE weir_credentials (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL
        )
        """,
        """
        CREATE INDEX weir_credentials_created ON weir_credentials (created, id)
        """,
        """
        CREATE TABLE weir_access_groups (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL,
            access_group_name {text}
        )
        """,
        """
        CREATE INDEX weir_access_groups_created ON weir_access_groups (created, id)
        """,
        """
        CREATE UNIQUE INDEX weir_access_groups_access_group_name ON weir_access_groups (access_group_name)
        """,
        """
        CREATE TABLE weir_data_keys (
            id {text} NOT NULL PRIMARY KEY,
            version BIGINT NOT NULL,
            spend BIGINT NOT NULL,
            created BIGINT NOT NULL,
            updated BIGINT NOT NULL,
            created_by {text} NOT NULL,
            updated_by {text} NOT NULL,
            document TEXT NOT NULL
        )
        """,
        """
        CREATE INDEX weir_data_keys_created ON weir_data_keys (created, id)
        """,
        """
        CREATE TABLE weir_team_members (
            owner_id {text} NOT NULL,
            user_id {text} NOT NULL,
            role {text} NOT NULL,
            spend BIGINT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (owner_id, user_id)
        )
        """,
        """
        CREATE INDEX weir_team_members_user ON weir_team_members (user_id, owner_id)
        """,
        """
        CREATE TABLE weir_organization_members (
            owner_id {text} NOT NULL,
            user_id {text} NOT NULL,
            role {text} NOT NULL,
            spend BIGINT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (owner_id, user_id)
        )
        """,
        """
        CREATE INDEX weir_organization_members_user ON weir_organization_members (user_id, owner_id)
        """,
        """
        CREATE TABLE weir_audit (
            id {text} NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            changed_by {text} NOT NULL,
            changed_by_key {text} NOT NULL,
            address {text} NOT NULL,
            action {text} NOT NULL,
            object_table {text} NOT NULL,
            object_id {text} NOT NULL,
            before_change TEXT,
            after_change TEXT
        )
        """,
        """
        CREATE INDEX weir_audit_at ON weir_audit (at, id)
        """,
        """
        CREATE INDEX weir_audit_object_id ON weir_audit (object_id, at, id)
        """,
        """
        CREATE INDEX weir_audit_changed_by ON weir_audit (changed_by, at, id)
        """,
        """
        CREATE INDEX weir_audit_changed_by_key ON weir_audit (changed_by_key, at, id)
        """,
        """
        CREATE INDEX weir_audit_action ON weir_audit (action, at, id)
        """,
        """
        CREATE INDEX weir_audit_object_table ON weir_audit (object_table, at, id)
        """,
        """
        CREATE TABLE weir_changes (
            seq {sequence},
            kind {text} NOT NULL,
            id {text} NOT NULL,
            at BIGINT NOT NULL DEFAULT ({now})
        )
        """,
        """
        CREATE TABLE weir_tallies (
            name {text} NOT NULL PRIMARY KEY,
            total BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE weir_turn (
            holder BIGINT
        )
        """,
        """
        INSERT INTO weir_tallies (name, total) VALUES
            ('keys', 0), ('retired_keys', 0), ('users', 0), ('teams', 0),
            ('organizations', 0), ('customers', 0), ('budgets', 0), ('tags', 0),
            ('models', 0), ('credentials', 0), ('access_groups', 0), ('data_keys', 0),
            ('audit', 0)
        """,
    ]
}
