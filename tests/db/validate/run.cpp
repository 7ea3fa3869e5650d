// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sark/migrate/fold.hpp>
#include <sark/report.hpp>
#include <sark/validate.hpp>

#include "db/validate/scene.hpp"
#include "support/catch.hpp"

namespace validate = sark::validate;
using sark::test::healthy;
using sark::test::told;
using lines = std::vector<std::string>;

namespace {

bool says(lines const& all, std::string_view part) {
    return std::any_of(all.begin(), all.end(),
                       [&](std::string const& line) { return line.find(part) != std::string::npos; });
}

validate::options rows_only() {
    validate::options how;
    how.read_only = true;
    how.schema = false;
    return how;
}

/// Waits until the statistics of other sessions have arrived.
void until(healthy const& h, std::string const& condition) {
    for (int i = 0; i < 200 && h.ask("SELECT " + condition) != "t"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{25});
    REQUIRE(h.ask("SELECT " + condition) == "t");
}

constexpr std::string_view not_read_only =
    R"(SELECT 'xid' WHERE txid_current_if_assigned() IS NOT NULL
UNION ALL SELECT name FROM pg_settings WHERE (name, setting) IN (('transaction_read_only', 'off'),
    ('transaction_isolation', 'read committed'), ('row_security', 'on')) OR name = 'TimeZone' AND setting <> 'UTC')";

}  // namespace

TEST_CASE("the corruption that two validators of the first product passed is found", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("ANALYZE");
    h.run("UPDATE resources SET name = 'x' || name, endpoint = 'x', sensitivity_level = 'low';"
          "UPDATE capabilities SET description = 'x', input_schema = '{\"x\": 1}';"
          "UPDATE resources SET metadata = '{}' WHERE protocol <> 'http';"
          "DROP INDEX ix_resources_protocol; DROP INDEX ix_capabilities_metadata_gin;"
          "ALTER TABLE cost_tracking DROP CONSTRAINT cost_tracking_pkey;"
          "ALTER TABLE resources ALTER COLUMN endpoint DROP NOT NULL;"
          "UPDATE resources SET endpoint = NULL WHERE id = 'h1';"
          "ALTER TABLE capabilities DROP CONSTRAINT capabilities_resource_id_fkey, ADD FOREIGN KEY (resource_id) "
          "REFERENCES resources (id);"
          "ALTER TABLE resources ALTER COLUMN sensitivity_level SET DEFAULT 'low';"
          "ALTER TABLE users ALTER COLUMN full_name TYPE text;"
          "ALTER TYPE serverstatus ADD VALUE 'lost'");
    validate::options how;
    // Values are compared by whoever knows what they were; the findings join the report.
    how.also = [](sark::connection&) {
        return std::vector{sark::report::finding{.id = "v2-row-differs", .subject = "resources.h1"}};
    };
    sark::report::report const found = validate::run(h.db, how);
    INFO(sark::report::text(found));
    CHECK(told(found) ==
          lines{"column-default resources.sensitivity_level", "column-null resources.endpoint",
                "column-type users.full_name", "constraint-changed capabilities.capabilities_resource_id_fkey",
                "constraint-missing cost_tracking.cost_tracking_pkey", "enum-label-unexpected serverstatus",
                "index-missing capabilities.ix_capabilities_metadata_gin",
                "index-missing resources.ix_resources_protocol", "metadata-grpc resources.metadata",
                "metadata-mcp resources.metadata", "null-value resources.endpoint", "v2-row-differs resources.h1"});
    CHECK(sark::report::exit_code(found) == 2);
    h.refill();
    for (auto const& f : found.findings)
        if (sark::catalog::find_kind(f.id) != nullptr)
            for (std::string const& statement : f.repair) h.run(statement);
    CHECK(told(validate::run(h.db)).empty());
}

TEST_CASE("evidence names keys and never values", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("UPDATE resources SET metadata = '{\"transport\": \"s3cret-value\", \"tags\": 1}' WHERE protocol = 'mcp';"
          "ALTER TABLE users DROP CONSTRAINT users_email_key; UPDATE users SET email = 's3cret-value'");
    sark::report::report const found = validate::run(h.db, rows_only());
    h.refill();
    h.run("ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)");
    CHECK(told(found) == lines{"key-repeated users.users_email_key", "metadata-mcp resources.metadata"});
    std::string const json = sark::report::json(found);
    CHECK(json.find("s3cret") == std::string::npos);
    CHECK(found.findings.front().evidence.starts_with("5 found, the first by key: "));
    for (auto const& f : found.findings)
        if (f.id == "metadata-mcp") {
            CHECK(f.what == "Table resources has rows of protocol mcp whose metadata McpMetadata cannot read: 20.");
            CHECK(std::count(f.evidence.begin(), f.evidence.begin() + 250, '-') == 4 * 5);  // five uuids
            CHECK(h.ask("SELECT count(*) FROM (" + f.evidence.substr(f.evidence.find('\n')) + ") AS again") == "0");
        }
}

TEST_CASE("a missing table is a finding, whichever it is", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    auto const expected = sark::migrate::fold(sark::migrations::chain, sark::migrate::profile::plain);
    CHECK(expected.tables.size() == 16);
    for (auto const& table : expected.tables) {
        std::string const name{table.name};
        h.run("ALTER TABLE " + name + " RENAME TO elsewhere");
        sark::report::report const found = validate::run(h.db, rows_only());
        h.run("ALTER TABLE elsewhere RENAME TO " + name);
        INFO(name << '\n' << sark::report::text(found));
        CHECK(found.unchecked.empty());
        CHECK(told(found) == lines{"table-missing " + name});
        CHECK(sark::report::exit_code(found) == 2);
    }
    h.run("DROP TABLE gateway_audit_events");
    sark::report::report const found = validate::run(h.db);
    CHECK(says(told(found), "table-missing gateway_audit_events"));
    validate::options how;
    how.read_only = true;
    sark::report::report const structure = validate::run(h.db, how);
    CHECK(says(told(structure), "schema-structure"));
    for (auto const& f : found.findings)
        if (f.id == "table-missing")
            for (std::string const& statement : f.repair) h.run(statement);
}

TEST_CASE("rows are read in one transaction that cannot write", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("ANALYZE");
    std::array const more{validate::row_check{{"own", validate::group::data}, "resources", "", not_read_only}};
    validate::options how;
    how.more = more;
    CHECK(told(validate::run(h.db, how)).empty());

    h.db.execute("SET default_transaction_read_only = on");
    sark::report::report const refused = validate::run(h.db, how);
    CHECK(told(refused).empty());
    CHECK(refused.unchecked.size() == 1);
    CHECK(says(refused.unchecked, "expressions were not compared"));
    CHECK(sark::report::exit_code(refused) == 2);
    how.read_only = true;
    sark::report::report const found = validate::run(h.db, how);
    h.db.execute("RESET default_transaction_read_only");
    INFO(sark::report::text(found));
    CHECK(told(found).empty());
    CHECK(found.unchecked.empty());
}

TEST_CASE("a role that may not read everything is told what it did not check", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    std::string const role = h.name() + "_reader";
    h.run("CREATE ROLE " + role + "; GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role +
          "; REVOKE SELECT ON users, sark_migrations FROM " + role + "; ALTER TABLE teams ENABLE ROW LEVEL SECURITY");
    h.db.execute("SET ROLE " + role);
    sark::report::report const found = validate::run(h.db);
    h.db.execute("RESET ROLE");
    h.run("ALTER TABLE teams DISABLE ROW LEVEL SECURITY; DROP OWNED BY " + role + "; DROP ROLE " + role);
    INFO(sark::report::text(found));
    CHECK(says(found.unchecked, "schema-history: the role may not read"));
    CHECK(says(found.unchecked, "expressions were not compared"));
    CHECK(says(found.unchecked, "owner-unknown of resources.metadata: the role may not read"));
    CHECK(says(found.unchecked, "team-unknown of resources.metadata: the role may not read"));
    CHECK_FALSE(says(found.unchecked, "metadata-mcp"));
    CHECK(sark::report::exit_code(found) == 2);
}

TEST_CASE("a check that takes too long, or cannot run, leaves the others alone", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("ANALYZE; UPDATE api_keys SET is_active = true");
    std::array const more{
        validate::row_check{{"slow", validate::group::business}, "users", "", "SELECT pg_sleep(60)::text"},
        validate::row_check{{"wrong", validate::group::business}, "users", "", "SELECT nothing FROM users"},
        validate::row_check{{"gone", validate::group::business}, "nowhere", "", "SELECT id FROM nowhere"}};
    validate::options how = rows_only();
    how.more = more;
    how.statement_timeout = std::chrono::milliseconds{700};
    how.also = [](sark::connection& db) -> std::vector<sark::report::finding> {
        db.execute("SELECT 1 / 0");
        return {};
    };
    std::size_t told_of = 0;
    how.report = [&](validate::progress const& p) {
        CHECK(p.done == told_of++);
        CHECK(p.total > 40);
    };
    sark::report::report const found = validate::run(h.db, how);
    INFO(sark::report::text(found));
    CHECK(told(found) == lines{"api-key-revoked api_keys.is_active", "table-missing nowhere"});
    CHECK(found.unchecked.size() == 3);
    CHECK(says(found.unchecked, "slow of users: it ran into statement_timeout"));
    CHECK(says(found.unchecked, "wrong of users: the schema has not what it reads (42703)"));
    CHECK(says(found.unchecked, "the comparison of values: "));
    CHECK(told_of > 40);
}

TEST_CASE("groups and quick choose among the checks", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("UPDATE api_keys SET is_active = true; UPDATE resources SET metadata = '[]' WHERE id = 'h1';"
          "UPDATE api_keys SET team_id = md5('?')::uuid; ALTER TABLE user_teams DISABLE TRIGGER ALL; CREATE INDEX twin "
          "ON resources (name)");
    auto const ids = [&](bool schema, bool data, bool relationships, bool business, bool quick) {
        validate::options how{.schema = schema,
                              .data = data,
                              .relationships = relationships,
                              .business = business,
                              .quick = quick,
                              .read_only = true};
        how.thresholds.changed_rows = 1'000'000;
        lines all;
        for (auto const& f : validate::run(h.db, how).findings) all.push_back(f.id);
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    };
    CHECK(ids(true, false, false, false, false) == lines{"index-duplicate"});
    CHECK(ids(false, true, false, false, false) == lines{"metadata-http", "resource-metadata-kind"});
    CHECK(ids(false, false, true, false, false) == lines{"api-key-team", "foreign-key-unenforced"});
    CHECK(ids(false, false, false, true, false) == lines{"api-key-revoked"});
    CHECK(ids(true, true, true, true, true) == lines{"foreign-key-unenforced", "index-duplicate"});
    h.run("DROP INDEX twin; ALTER TABLE user_teams ENABLE TRIGGER ALL");
}

TEST_CASE("unused indexes, stale statistics and empty space are estimated", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("ANALYZE");
    h.run("CREATE TABLE big (a int, b text) WITH (autovacuum_enabled = false);"
          "INSERT INTO big SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i; CREATE INDEX big_a ON big (a)");
    h.run("SELECT count(*) FROM big WHERE b = ''; ANALYZE big");
    until(h, "seq_scan > 0 AND n_mod_since_analyze = 0 FROM pg_stat_user_tables WHERE relname = 'big'");
    validate::options how{.data = false, .relationships = false, .business = false, .read_only = true};
    auto const about_big = [&] {
        lines all = told(validate::run(h.db, how));
        std::erase_if(all, [](std::string const& line) { return line.find(" big") == std::string::npos; });
        return all;
    };
    how.thresholds = {.unused_index_bytes = 300'000, .unused_for = std::chrono::hours{0}, .bloat_bytes = 1'000'000};
    CHECK(about_big() == lines{"index-unused big.big_a"});
    how.thresholds.unused_for = std::chrono::hours{24};
    h.run("DELETE FROM big WHERE a > 1000");
    until(h, "n_mod_since_analyze >= 19000 FROM pg_stat_user_tables WHERE relname = 'big'");
    CHECK(about_big() == lines{"statistics-stale big"});
    h.run("ANALYZE big");
    until(h, "n_mod_since_analyze = 0 FROM pg_stat_user_tables WHERE relname = 'big'");
    CHECK(about_big() == lines{"table-bloat big"});
    h.run("DROP TABLE big");
}

TEST_CASE("a database that is behind, or has no ledger, is compared with what it claims to be", "[validate]") {
    sark::test::database const place;
    sark::connection db{place.url()};
    validate::options how;
    how.quick = true;
    sark::report::report const empty = validate::run(db, how);
    CHECK(says(told(empty), "table-missing resources"));
    CHECK(says(told(empty), "schema-history sark_migrations"));

    sark::migrate::upgrade(db, sark::migrations::chain, "005_gateway_audit");
    sark::report::report const behind = validate::run(db, how);
    INFO(sark::report::text(behind));
    // Of the nine indexes that 008 drops as redundant, these are of the first five revisions.
    CHECK(told(behind) ==
          lines{"index-duplicate api_keys.ix_api_keys_key_prefix",
                "index-duplicate mcp_servers.ix_mcp_servers_consul_id", "index-duplicate policies.ix_policies_name",
                "index-duplicate policy_versions.ix_policy_versions_policy_id", "index-duplicate teams.ix_teams_name",
                "index-duplicate user_teams.ix_user_teams_user_id", "index-duplicate users.ix_users_email",
                "schema-history sark_migrations"});
    how.quick = false;
    CHECK(says(told(validate::run(db, how)), "table-missing resources"));
    how.quick = true;
    db.execute("UPDATE sark_migrations SET checksum = 'edited' WHERE revision = '005_gateway_audit'");
    sark::report::report const damaged = validate::run(db, how);
    CHECK(says(told(damaged), "schema-history sark_migrations"));
    CHECK(says(told(damaged), "table-missing resources"));
    how.read_only = true;
    CHECK(says(validate::run(db, how).unchecked, "nothing was compared"));
}
