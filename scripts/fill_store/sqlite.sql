-- Fills a store that has just been migrated with many keys, users and teams, to measure at size:
--
--     weir migrate && sed 's/:keys/1000000/g; s/:users/100000/g' scripts/fill_store/sqlite.sql | sqlite3 weir-data/weir.db
--
-- Key number i has the id that the SELECT for weir_keys makes of it; nobody can log in with any of them.
-- The statements are the same as those of postgres.sql but for the functions that write hexadecimal digits.

WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 99)
INSERT INTO weir_organizations
    (id, version, spend, created, updated, created_by, updated_by, document, organization_alias, budget_id)
SELECT 'org-' || i, 1, 0, 1700000000000000 + i, 1700000000000000 + i, 'admin', 'admin',
    '{"organization_alias":"Organisation ' || i || '","budget_id":"budget-' || i || '"}',
    'Organisation ' || i, 'budget-' || i
FROM n;

WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 99)
INSERT INTO weir_budgets (id, version, spend, created, updated, created_by, updated_by, document)
SELECT 'budget-' || i, 1, 0, 1700000000000000 + i, 1700000000000000 + i, 'admin', 'admin', '{"max_budget":100.0}'
FROM n;

WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :users / 10 - 1)
INSERT INTO weir_teams
    (id, version, spend, created, updated, created_by, updated_by, document, team_alias, organization_id,
     alias_folded)
SELECT 'team-' || i, 1, i * 48271 % 2147483647, 1700000000000000 + i * 1000000, 1700000000000000 + i * 1000000,
    'admin', 'admin', '{"team_alias":"Team ' || i || '","organization_id":"org-' || (i % 100) || '","models":["gpt-4o"]}',
    'Team ' || i, 'org-' || (i % 100), 'team ' || i
FROM n;

WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :users - 1)
INSERT INTO weir_users
    (id, version, spend, created, updated, created_by, updated_by, document, user_email, user_role)
SELECT 'user-' || i, 1, i * 48271 % 2147483647, 1700000000000000 + i * 1000000, 1700000000000000 + i * 1000000,
    'admin', 'admin',
    '{"user_email":"user' || i || '@example.com","user_role":"internal_user","max_budget":10.0,"models":[]}',
    'user' || i || '@example.com', 'internal_user'
FROM n;

WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :users - 1)
INSERT INTO weir_team_members (owner_id, user_id, role, spend, document)
SELECT 'team-' || (i % (:users / 10)), 'user-' || i, 'user', 0, '{}' FROM n;

-- One key in a hundred belongs to team-0, two thirds of the others to one of the teams.
WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :keys - 1),
m(i, team) AS (
    SELECT i, CASE WHEN i % 100 = 0 THEN 'team-0' WHEN i % 3 > 0 THEN 'team-' || (i % (:users / 10)) END FROM n
)
INSERT INTO weir_keys
    (id, version, spend, created, updated, created_by, updated_by, document, key_alias, user_id, team_id,
     alias_folded, max_budget)
SELECT
    printf('%08x%056x', i * 48271 % 2147483647, i), 1,
    i * 48271 % 2147483647,
    1700000000000000 + i * 1000000, 1700000000000000 + i * 48271 % 2147483647,
    'admin', 'admin',
    '{"key_alias":"alias-' || i || '","key_name":"sk-...' || (i % 10000) || '","user_id":"user-' || (i % :users) || '",'
        || COALESCE('"team_id":"' || team || '",', '')
        || '"models":["gpt-4o","gpt-4o-mini"],"max_budget":25.0,"budget_duration":"30d","tpm_limit":100000,'
        || '"rpm_limit":1000,"metadata":{"tags":["production","team"],"owner":"somebody in the house"}}',
    'alias-' || i, 'user-' || (i % :users), team, 'alias-' || i, 25000000000
FROM m;

-- One entry for every fifth key.
WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :keys / 5 - 1)
INSERT INTO weir_audit
    (id, at, changed_by, changed_by_key, address, action, object_table, object_id, before_change, after_change)
SELECT 'audit-' || i, 1700000000000000 + i * 1000000, 'user-' || (i % 100), 'key-' || (i % 100), '10.0.0.1',
    CASE i % 3 WHEN 0 THEN 'created' WHEN 1 THEN 'updated' ELSE 'deleted' END, 'LiteLLM_VerificationToken',
    printf('%08x%056x', i * 48271 % 2147483647, i),
    '{"max_budget":10.0}', '{"max_budget":25.0}'
FROM n;

UPDATE weir_tallies SET total = (SELECT count(*) FROM weir_organizations) WHERE name = 'organizations';
UPDATE weir_tallies SET total = (SELECT count(*) FROM weir_budgets) WHERE name = 'budgets';
UPDATE weir_tallies SET total = (SELECT count(*) FROM weir_teams) WHERE name = 'teams';
UPDATE weir_tallies SET total = (SELECT count(*) FROM weir_users) WHERE name = 'users';
UPDATE weir_tallies SET total = (SELECT count(*) FROM weir_keys) WHERE name = 'keys';
UPDATE weir_tallies SET total = (SELECT count(*) FROM weir_audit) WHERE name = 'audit';
