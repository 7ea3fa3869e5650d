// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sark::test {

/// Is one change of a database that comparison has to report as exactly one finding.
struct mutation {
    std::string_view sql;
    std::string_view id;
    std::string_view subject;
};

/// Changes of the database that our own chain builds; each is undone by the repair that its finding has.
// clang-format off
inline constexpr mutation mutations_of_head[] = {
    // tables
    {"DROP TABLE migrated_rows", "table-missing", "migrated_rows"},
    {"DROP TABLE user_teams", "table-missing", "user_teams"},
    {"DROP TABLE resources CASCADE", "table-missing", "resources"},
    {"DROP TABLE cost_tracking CASCADE", "table-missing", "cost_tracking"},
    {"DROP TABLE users CASCADE", "table-missing", "users"},
    {"ALTER TABLE principal_budgets RENAME TO budgets", "table-renamed", "principal_budgets"},
    {"ALTER TABLE resources RENAME TO things", "table-renamed", "resources"},
    {"ALTER TABLE cost_tracking SET UNLOGGED", "table-persistence", "cost_tracking"},
    {"ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY", "row-security", "api_keys"},
    {"ALTER TABLE api_keys FORCE ROW LEVEL SECURITY", "row-security", "api_keys"},
    {"CREATE POLICY everybody ON users FOR SELECT USING (is_active)", "policy-unexpected", "users.everybody"},
    {"COMMENT ON TABLE teams IS 'it''s ours'", "comment", "teams"},
    // columns
    {"ALTER TABLE resources DROP COLUMN endpoint", "column-missing", "resources.endpoint"},
    {"ALTER TABLE resources DROP COLUMN sensitivity_level", "column-missing", "resources.sensitivity_level"},
    {"ALTER TABLE capabilities DROP COLUMN sensitivity_level CASCADE", "column-missing", "capabilities.sensitivity_level"},
    {"ALTER TABLE cost_tracking DROP COLUMN principal_id CASCADE", "column-missing", "cost_tracking.principal_id"},
    {"ALTER TABLE mcp_servers DROP COLUMN transport", "column-missing", "mcp_servers.transport"},
    {"ALTER TABLE cost_tracking DROP COLUMN id", "column-missing", "cost_tracking.id"},
    {"ALTER TABLE users DROP COLUMN id CASCADE", "column-missing", "users.id"},
    {"ALTER TABLE teams RENAME COLUMN description TO about", "column-renamed", "teams.description"},
    {"ALTER TABLE cost_tracking RENAME COLUMN principal_id TO principal", "column-renamed", "cost_tracking.principal_id"},
    {"ALTER TABLE users ADD COLUMN nickname text", "column-unexpected", "users.nickname"},
    {"ALTER TABLE users ADD COLUMN nickname text UNIQUE", "column-unexpected", "users.nickname"},
    {"ALTER TABLE users ADD COLUMN nickname text NOT NULL", "column-required", "users.nickname"},
    {"ALTER TABLE resources ALTER COLUMN name TYPE varchar(100)", "column-type", "resources.name"},
    {"ALTER TABLE resources ALTER COLUMN name TYPE text", "column-type", "resources.name"},
    {"ALTER TABLE resources ALTER COLUMN sensitivity_level TYPE text", "column-type", "resources.sensitivity_level"},
    {"ALTER TABLE principal_budgets ALTER COLUMN daily_spent TYPE numeric(12,2)", "column-type", "principal_budgets.daily_spent"},
    {"ALTER TABLE gateway_audit_events ALTER COLUMN timestamp TYPE timestamp", "column-type", "gateway_audit_events.timestamp"},
    {"ALTER TABLE policies ALTER COLUMN status DROP DEFAULT, ALTER COLUMN status TYPE text", "column-type", "policies.status"},
    {"ALTER TABLE resources ALTER COLUMN name TYPE varchar(255) COLLATE \"C\"", "column-type", "resources.name"},
    {"ALTER TABLE mcp_tools ALTER COLUMN description SET NOT NULL", "column-null", "mcp_tools.description"},
    {"ALTER TABLE mcp_tools ALTER COLUMN name DROP NOT NULL", "column-null", "mcp_tools.name"},
    {"ALTER TABLE users ALTER COLUMN role DROP DEFAULT", "column-default", "users.role"},
    {"ALTER TABLE users ALTER COLUMN role SET DEFAULT 'admin'", "column-default", "users.role"},
    {"ALTER TABLE users ALTER COLUMN email SET DEFAULT ''", "column-default", "users.email"},
    {"ALTER TABLE audit_events ALTER COLUMN timestamp SET DEFAULT clock_timestamp()", "column-default", "audit_events.timestamp"},
    {"COMMENT ON COLUMN api_keys.scopes IS NULL", "comment", "api_keys.scopes"},
    {"COMMENT ON COLUMN api_keys.rate_limit IS 'another'", "comment", "api_keys.rate_limit"},
    {"COMMENT ON COLUMN users.email IS 'new'", "comment", "users.email"},
    // constraints
    {"ALTER TABLE teams DROP CONSTRAINT teams_name_key", "constraint-missing", "teams.teams_name_key"},
    {"ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE", "constraint-missing", "users.users_pkey"},
    {"ALTER TABLE capabilities DROP CONSTRAINT capabilities_resource_id_fkey", "constraint-missing", "capabilities.capabilities_resource_id_fkey"},
    {"ALTER TABLE resources DROP CONSTRAINT ck_resources_protocol", "constraint-missing", "resources.ck_resources_protocol"},
    {"ALTER TABLE resources DROP CONSTRAINT ck_resources_protocol, ADD CONSTRAINT ck_resources_protocol CHECK (protocol <> '')", "constraint-changed", "resources.ck_resources_protocol"},
    {"ALTER TABLE capabilities DROP CONSTRAINT capabilities_resource_id_fkey, ADD CONSTRAINT capabilities_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES resources (id)", "constraint-changed", "capabilities.capabilities_resource_id_fkey"},
    {"ALTER TABLE capabilities ALTER CONSTRAINT capabilities_resource_id_fkey DEFERRABLE INITIALLY DEFERRED", "constraint-changed", "capabilities.capabilities_resource_id_fkey"},
    {"ALTER TABLE user_teams DROP CONSTRAINT user_teams_pkey, ADD CONSTRAINT user_teams_pkey PRIMARY KEY (team_id, user_id)", "constraint-changed", "user_teams.user_teams_pkey"},
    {"ALTER TABLE resources DROP CONSTRAINT ck_resources_protocol, ADD CONSTRAINT ck_resources_protocol CHECK (protocol ~ '^[a-z][a-z0-9_.+-]*$') NOT VALID", "constraint-not-valid", "resources.ck_resources_protocol"},
    {"ALTER TABLE mcp_tools DROP CONSTRAINT mcp_tools_server_id_fkey, ADD CONSTRAINT mcp_tools_server_id_fkey FOREIGN KEY (server_id) REFERENCES mcp_servers (id) ON DELETE CASCADE NOT VALID", "constraint-not-valid", "mcp_tools.mcp_tools_server_id_fkey"},
    {"ALTER TABLE teams RENAME CONSTRAINT teams_name_key TO names_once", "constraint-renamed", "teams.teams_name_key"},
    {"ALTER TABLE users ADD CONSTRAINT long_name CHECK (length(full_name) > 3)", "constraint-unexpected", "users.long_name"},
    {"ALTER TABLE users ADD CONSTRAINT one_role UNIQUE (role)", "constraint-unexpected", "users.one_role"},
    {"ALTER TABLE api_keys ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id)", "constraint-unexpected", "api_keys.of_user"},
    {"ALTER TABLE cost_tracking ADD CONSTRAINT ux_cost_tracking_request UNIQUE USING INDEX ux_cost_tracking_request", "constraint-unexpected", "cost_tracking.ux_cost_tracking_request"},
    // indexes
    {"DROP INDEX ix_resources_metadata_gin", "index-missing", "resources.ix_resources_metadata_gin"},
    {"DROP INDEX ux_cost_tracking_request", "unique-index-missing", "cost_tracking.ux_cost_tracking_request"},
    {"DROP INDEX ux_mv_daily_cost_summary", "unique-index-missing", "mv_daily_cost_summary.ux_mv_daily_cost_summary"},
    {"DROP INDEX ix_resources_metadata_gin; CREATE INDEX ix_resources_metadata_gin ON resources USING gin (metadata jsonb_path_ops)", "index-changed", "resources.ix_resources_metadata_gin"},
    {"DROP INDEX ix_resources_name; CREATE INDEX ix_resources_name ON resources USING hash (name)", "index-changed", "resources.ix_resources_name"},
    {"DROP INDEX ix_resources_name; CREATE INDEX ix_resources_name ON resources (name) WHERE name <> ''", "index-changed", "resources.ix_resources_name"},
    {"DROP INDEX ix_resources_name; CREATE INDEX ix_resources_name ON resources (name) INCLUDE (protocol)", "index-changed", "resources.ix_resources_name"},
    {"DROP INDEX ix_resources_name; CREATE INDEX ix_resources_name ON resources (name DESC)", "index-changed", "resources.ix_resources_name"},
    {"DROP INDEX ix_resources_name; CREATE UNIQUE INDEX ix_resources_name ON resources (name)", "index-changed", "resources.ix_resources_name"},
    {"DROP INDEX ix_capabilities_sensitivity_rank; CREATE INDEX ix_capabilities_sensitivity_rank ON capabilities ((length(sensitivity_level)), name)", "index-changed", "capabilities.ix_capabilities_sensitivity_rank"},
    {"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_resources_name'::regclass", "index-invalid", "resources.ix_resources_name"},
    {"ALTER INDEX ix_resources_name RENAME TO by_name", "index-renamed", "resources.ix_resources_name"},
    {"CREATE INDEX more ON users (role)", "index-unexpected", "users.more"},
    {"CREATE UNIQUE INDEX more ON users (full_name)", "unique-index-unexpected", "users.more"},
    // triggers and functions
    {"DROP TRIGGER tg_users_updated_at ON users", "trigger-missing", "users.tg_users_updated_at"},
    {"DROP TRIGGER tg_users_updated_at ON users; CREATE TRIGGER tg_users_updated_at BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION sark_set_updated_at()", "trigger-changed", "users.tg_users_updated_at"},
    {"ALTER TABLE users DISABLE TRIGGER tg_users_updated_at", "trigger-state", "users.tg_users_updated_at"},
    {"ALTER TABLE users ENABLE REPLICA TRIGGER tg_users_updated_at", "trigger-state", "users.tg_users_updated_at"},
    {"CREATE TRIGGER more BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION sark_set_updated_at()", "trigger-unexpected", "users.more"},
    {"DROP FUNCTION sark_set_updated_at() CASCADE", "function-missing", "sark_set_updated_at()"},
    {"CREATE OR REPLACE FUNCTION sark_set_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW;END'", "function-changed", "sark_set_updated_at()"},
    {"ALTER FUNCTION sark_set_updated_at() SECURITY DEFINER", "function-changed", "sark_set_updated_at()"},
    {"ALTER FUNCTION sark_set_updated_at() SET search_path = public", "function-changed", "sark_set_updated_at()"},
    // views
    {"DROP MATERIALIZED VIEW mv_daily_cost_summary", "view-missing", "mv_daily_cost_summary"},
    {"DROP MATERIALIZED VIEW mv_daily_cost_summary; CREATE VIEW mv_daily_cost_summary AS SELECT 1 AS date", "view-changed", "mv_daily_cost_summary"},
    {"REFRESH MATERIALIZED VIEW mv_daily_cost_summary WITH NO DATA", "view-not-filled", "mv_daily_cost_summary"},
    // enums
    {"DROP TYPE transporttype CASCADE", "enum-missing", "transporttype"},
    {"DROP TYPE sensitivitylevel CASCADE", "enum-missing", "sensitivitylevel"},
    {"ALTER TYPE transporttype ADD VALUE 'grpc'", "enum-label-unexpected", "transporttype"},
    {"ALTER TYPE transporttype RENAME VALUE 'http' TO 'HTTP'", "enum-label-renamed", "transporttype"},
    {"ALTER TYPE sensitivitylevel RENAME VALUE 'medium' TO 'MEDIUM'", "enum-label-renamed", "sensitivitylevel"},
    {"UPDATE pg_enum SET enumsortorder = 9 WHERE enumlabel = 'http' AND enumtypid = 'transporttype'::regtype", "enum-order", "transporttype"},
    {"DELETE FROM pg_enum WHERE enumlabel = 'sse' AND enumtypid = 'transporttype'::regtype", "enum-label-missing", "transporttype"},
    {"DELETE FROM pg_enum WHERE enumlabel = 'http' AND enumtypid = 'transporttype'::regtype", "enum-label-missing", "transporttype"},
    {"COMMENT ON TYPE transporttype IS 'ways'", "comment", "transporttype"},
    // sequences
    {"DROP SEQUENCE cost_tracking_id_seq CASCADE", "sequence-missing", "cost_tracking_id_seq"},
    {"ALTER SEQUENCE cost_tracking_id_seq INCREMENT BY 2", "sequence-settings", "cost_tracking_id_seq"},
    {"ALTER SEQUENCE cost_tracking_id_seq AS integer", "sequence-settings", "cost_tracking_id_seq"},
    {"ALTER SEQUENCE cost_tracking_id_seq OWNED BY NONE", "sequence-owner", "cost_tracking_id_seq"},
    // grants
    {"GRANT SELECT ON users TO PUBLIC", "grant-public", "users"},
    {"GRANT ALL ON users TO PUBLIC", "grant-public", "users"},
    {"GRANT UPDATE (email) ON users TO PUBLIC", "grant-public", "users"},
    {"GRANT USAGE ON SEQUENCE cost_tracking_id_seq TO PUBLIC", "grant-public", "cost_tracking_id_seq"},
};

/// Makes one thing of every kind that a snapshot knows and our chain does not use.
inline constexpr std::string_view everything = R"sql(
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT 2 * n';
CREATE PROCEDURE noop() LANGUAGE plpgsql AS 'BEGIN END';
CREATE SEQUENCE tickets MINVALUE 10 CACHE 5 CYCLE;
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL DEFAULT 'x',
    twice_id bigint GENERATED ALWAYS AS (id * 2) STORED,
    moods mood[] NOT NULL DEFAULT '{ok}',
    ticket bigint DEFAULT nextval('tickets'),
    born date DEFAULT '2001-02-03' CHECK (born > '1900-01-01'),
    CONSTRAINT late UNIQUE (name) DEFERRABLE INITIALLY DEFERRED);
COMMENT ON TABLE people IS 'those';
COMMENT ON COLUMN people.name IS 'which';
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON people FOR SELECT USING (name = current_user);
CREATE UNLOGGED TABLE scratch (a integer, b int4range, EXCLUDE USING gist (b WITH &&));
CREATE TABLE events (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX events_what ON events (what);
CREATE INDEX people_lower ON people (lower(name) text_pattern_ops DESC NULLS LAST) INCLUDE (born) WHERE born IS NOT NULL;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER noted AFTER UPDATE OF name ON people FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION note();
ALTER TABLE people ENABLE ALWAYS TRIGGER noted;
CREATE VIEW names WITH (security_barrier=true) AS SELECT id, name FROM people WHERE id > 0;
COMMENT ON VIEW names IS 'public part';
CREATE TYPE "Odd ""type" AS ENUM ('it''s', 'B');
CREATE TABLE "we""ird" ("a b" integer PRIMARY KEY, "select" "Odd ""type" NOT NULL DEFAULT 'it''s',
                        CONSTRAINT "not; me" CHECK ("select" <> 'B' OR "a b" > 0));
CREATE INDEX "1st" ON "we""ird" ("select") WHERE "select" = 'B';
CREATE SEQUENCE "Mixed" OWNED BY "we""ird"."a b";
COMMENT ON COLUMN "we""ird"."select" IS 'it''s a \ comment';
CREATE MATERIALIZED VIEW later AS SELECT count(*) AS n FROM scratch WITH NO DATA;
)sql";

inline constexpr mutation mutations_of_everything[] = {
    {"ALTER TABLE people ALTER COLUMN id DROP IDENTITY", "column-type", "people.id"},
    {"ALTER TABLE people ALTER COLUMN id SET GENERATED BY DEFAULT", "column-type", "people.id"},
    {"ALTER TABLE people ALTER COLUMN twice_id DROP EXPRESSION", "column-type", "people.twice_id"},
    {"ALTER TABLE people DROP COLUMN twice_id", "column-missing", "people.twice_id"},
    {"ALTER TABLE people ALTER COLUMN moods SET DEFAULT '{sad}'", "column-default", "people.moods"},
    {"ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad'", "enum-label-unexpected", "mood"},
    {"DROP TYPE mood CASCADE", "enum-missing", "mood"},
    {"ALTER TABLE people ALTER COLUMN born TYPE timestamp", "column-type", "people.born"},
    {"ALTER TABLE people ALTER COLUMN ticket DROP DEFAULT", "column-default", "people.ticket"},
    {"ALTER SEQUENCE tickets NO CYCLE", "sequence-settings", "tickets"},
    {"ALTER SEQUENCE tickets OWNED BY people.ticket", "sequence-owner", "tickets"},
    {"ALTER TABLE people DROP CONSTRAINT late, ADD CONSTRAINT late UNIQUE (name)", "constraint-changed", "people.late"},
    {"ALTER TABLE people DROP CONSTRAINT people_born_check", "constraint-missing", "people.people_born_check"},
    {"ALTER TABLE scratch DROP CONSTRAINT scratch_b_excl", "constraint-missing", "scratch.scratch_b_excl"},
    {"ALTER TABLE scratch SET LOGGED", "table-persistence", "scratch"},
    {"COMMENT ON TABLE people IS NULL", "comment", "people"},
    {"COMMENT ON COLUMN people.name IS NULL", "comment", "people.name"},
    {"ALTER TABLE people DISABLE ROW LEVEL SECURITY", "row-security", "people"},
    {"DROP POLICY own ON people", "policy-missing", "people.own"},
    {"ALTER POLICY own ON people USING (true)", "policy-changed", "people.own"},
    {"DROP INDEX people_lower; CREATE INDEX people_lower ON people (lower(name) DESC NULLS LAST) INCLUDE (born) WHERE born IS NOT NULL", "index-changed", "people.people_lower"},
    {"DROP INDEX people_lower; CREATE INDEX people_lower ON people (lower(name) text_pattern_ops DESC) INCLUDE (born) WHERE born IS NOT NULL", "index-changed", "people.people_lower"},
    {"DROP INDEX people_lower", "index-missing", "people.people_lower"},
    {"ALTER TABLE people ENABLE TRIGGER noted", "trigger-state", "people.noted"},
    {"DROP TRIGGER noted ON people", "trigger-missing", "people.noted"},
    {"DROP FUNCTION note() CASCADE", "function-missing", "note()"},
    {"DROP FUNCTION twice(integer)", "function-missing", "twice(n integer)"},
    {"ALTER FUNCTION twice(integer) VOLATILE", "function-changed", "twice(n integer)"},
    {"CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT 3 * n'", "function-changed", "twice(n integer)"},
    {"COMMENT ON FUNCTION twice(integer) IS 'doubles'", "comment", "twice(n integer)"},
    {"DROP PROCEDURE noop()", "function-missing", "noop()"},
    {"CREATE OR REPLACE VIEW names WITH (security_barrier=true) AS SELECT id, name FROM people", "view-changed", "names"},
    {"ALTER VIEW names RESET (security_barrier)", "view-changed", "names"},
    {"DROP VIEW names", "view-missing", "names"},
    {"COMMENT ON VIEW names IS 'other'", "comment", "names"},
    {"GRANT SELECT ON names TO PUBLIC", "grant-public", "names"},
    {"DROP TABLE \"we\"\"ird\"", "table-missing", "we\"ird"},
    {"ALTER TABLE \"we\"\"ird\" DROP COLUMN \"select\"", "column-missing", "we\"ird.select"},
    {"ALTER TABLE \"we\"\"ird\" RENAME COLUMN \"select\" TO \"Select\"", "column-renamed", "we\"ird.select"},
    {"ALTER TABLE \"we\"\"ird\" DROP CONSTRAINT \"not; me\"", "constraint-missing", "we\"ird.not; me"},
    {"ALTER INDEX \"1st\" RENAME TO \"2nd\"", "index-renamed", "we\"ird.1st"},
    {"DROP TYPE \"Odd \"\"type\" CASCADE", "enum-missing", "Odd \"type"},
    {"ALTER TYPE \"Odd \"\"type\" RENAME VALUE 'it''s' TO 'its'", "enum-label-renamed", "Odd \"type"},
    {"ALTER SEQUENCE \"Mixed\" INCREMENT BY 3", "sequence-settings", "Mixed"},
    {"COMMENT ON COLUMN \"we\"\"ird\".\"select\" IS NULL", "comment", "we\"ird.select"},
    {"GRANT SELECT ON \"we\"\"ird\" TO PUBLIC", "grant-public", "we\"ird"},
    {"DROP TABLE people CASCADE", "table-missing", "people"},
    {"DROP TABLE scratch CASCADE", "table-missing", "scratch"},
};

/// Changes that are nobody's business, unless somebody asks.
inline constexpr mutation strangers[] = {
    {"CREATE TABLE visitors (id integer)", "unmanaged", "visitors"},
    {"CREATE VIEW guests AS SELECT 1 AS one", "unmanaged", "guests"},
    {"CREATE TYPE colour AS ENUM ('red')", "unmanaged", "colour"},
    {"CREATE DOMAIN positive AS integer CHECK (VALUE > 0)", "unmanaged", "positive"},
    {"CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "unmanaged", "f()"},
    {"CREATE SEQUENCE lonely", "unmanaged", "lonely"},
    {"GRANT SELECT, INSERT ON users TO pg_monitor", "unmanaged", "users"},
    {"ALTER TABLE users SET (fillfactor = 70)", "unmanaged", "users"},
};
// clang-format on

}  // namespace sark::test
