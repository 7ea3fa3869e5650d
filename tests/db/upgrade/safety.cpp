// SPDX-License-Identifier: MIT
//
// The safety scenarios by the titles they have in the documents of the first version, and those that the first version
// promised and failed, through the real chain and the real tool.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <sark/db.hpp>
#include <sark/migrate/live_drift.hpp>
#include <sark/migrations/mapping.hpp>
#include <sark/models.hpp>

#include "db/upgrade/scene.hpp"

namespace up = sark::upgrade;
using sark::test::has;
using sark::test::scene;

namespace {

std::string exists(char const* table) { return std::string{"SELECT to_regclass('"} + table + "') IS NOT NULL"; }
std::string has_index(char const* index) {
    return std::string{"SELECT coalesce(bool_and(indisvalid), false) FROM pg_index WHERE indexrelid = to_regclass('"} +
           index + "')";
}

}  // namespace

TEST_CASE("safety of the schema that the chain makes", "[upgrade][db]") {
    scene& at = scene::fresh();

    SECTION("tables, columns, indexes and keys exist") {
        // resources / capabilities / federation_nodes / cost_tracking / principal_budgets table exists
        for (char const* const table :
             {"resources", "capabilities", "federation_nodes", "cost_tracking", "principal_budgets"}) {
            INFO(table);
            CHECK(at.ask(exists(table)) == "t");
        }
        // materialized view exists
        CHECK(at.ask("SELECT relkind FROM pg_class WHERE oid = 'mv_daily_cost_summary'::regclass") == "m");
        // resources indexes, capabilities indexes
        for (char const* const index : {"ix_resources_protocol", "ix_resources_metadata_gin", "ix_resources_name",
                                        "ix_resources_sensitivity", "ix_capabilities_resource", "ix_capabilities_name",
                                        "ix_capabilities_metadata_gin", "ix_capabilities_sensitivity"}) {
            INFO(index);
            CHECK(at.ask(has_index(index)) == "t");
        }
        // capabilities foreign key
        CHECK(at.ask("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'capabilities'::regclass "
                     "AND contype = 'f'") == "FOREIGN KEY (resource_id) REFERENCES resources(id) ON DELETE CASCADE");
        // audit_events has federation columns
        CHECK(at.count("pg_attribute WHERE attrelid = 'audit_events'::regclass AND attname IN ('principal_org', "
                       "'resource_protocol', 'capability_id', 'correlation_id', 'source_node', 'target_node', "
                       "'estimated_cost', 'actual_cost')") == 8);
    }
    SECTION("create resource, capability, federation node, cost tracking, principal budget; cascade delete") {
        at.db.insert(sark::Resource{.id = "r", .name = "R", .protocol = "http", .endpoint = "e"});
        at.db.insert(sark::Capability{.id = "c", .resource_id = "r", .name = "C"});
        CHECK(at.db.find<sark::Resource>("r")->name == "R");
        CHECK(at.db.find<sark::Capability>("c")->resource_id == "r");
        at.run("INSERT INTO federation_nodes (node_id, name, endpoint, trust_anchor_cert) VALUES ('n', 'N', 'e', 'c')");
        at.run("INSERT INTO cost_tracking (principal_id, resource_id, capability_id, actual_cost) VALUES ('p', 'r', "
               "'c', 1.25)");
        at.run("INSERT INTO principal_budgets (principal_id, daily_budget) VALUES ('p', 10)");
        CHECK(at.ask("SELECT actual_cost FROM cost_tracking") == "1.25000000");
        CHECK(at.count("federation_nodes") + at.count("principal_budgets") == 2);
        at.db.erase(sark::Resource{.id = "r"});
        CHECK(at.count("capabilities") == 0);
    }
}

TEST_CASE("safety of the data migration", "[upgrade][db]") {
    scene& at = scene::fresh();

    SECTION("mcp server to resource migration, mcp tool to capability migration") {
        at.fill(3, 3);
        up::execute(at.db);
        CHECK(at.ask("SELECT concat_ws('|', id, name, protocol, endpoint, sensitivity_level, metadata->>'transport', "
                     "metadata->>'zone', metadata->>'weight', created_at AT TIME ZONE 'UTC') "
                     "FROM resources WHERE name = 'server 1'") ==
              at.ask("SELECT md5('s1')::uuid::text || '|server 1|mcp|run 1|medium|stdio|1|1.50|2024-01-01 00:00:01'"));
        CHECK(at.ask("SELECT concat_ws('|', resource_id = md5('s2')::uuid::text, name, description, input_schema, "
                     "output_schema, sensitivity_level, metadata->>'requires_approval', updated_at AT TIME ZONE 'UTC') "
                     "FROM capabilities WHERE name = 'tool 1'") ==
              R"(t|tool 1|does 1|{"n": -1, "type": "object"}|{}|medium|false|2024-06-01 00:00:01)");
    }
    SECTION("no data loss during migration; foreign key integrity after migration") {
        at.fill(5, 15);
        auto const moved = up::execute(at.db);
        CHECK(moved.servers.source == 5);
        CHECK(moved.tools.migrated() == 15);
        CHECK(moved.one_transaction);
        auto const seen = up::verify(at.db);
        CHECK(seen.equal());
        CHECK(seen.resources.rows + seen.capabilities.rows == 20);
        CHECK(at.count("capabilities AS c LEFT JOIN resources AS r ON r.id = c.resource_id WHERE r.id IS NULL") == 0);
        CHECK(at.count("migrated_rows WHERE run_id = '" + moved.run_id + "'") == 20);
    }
    SECTION("a scan assigns no transaction id, a dry run tells what the run does, and neither changes anything") {
        at.fill(20, 60);
        std::string const before = at.v1() + at.v2();
        auto const scanned = up::scan(at.db);
        CHECK_FALSE(scanned.took_transaction_id);
        CHECK(scanned.servers.inserted == 20);
        CHECK(scanned.tools.inserted == 60);
        auto const dry = up::dry_run(at.db);
        CHECK(dry.took_transaction_id);
        CHECK(at.v1() + at.v2() == before);
        CHECK(at.ask("SELECT to_regclass('sark_upgrade_runs') IS NULL") == "t");
        auto const real = up::execute(at.db);
        CHECK(real.tools.inserted == dry.tools.inserted);
        CHECK(real.servers.inserted == dry.servers.inserted);
        CHECK(real.batches == dry.batches);
    }
    SECTION("a run that cannot be is refused before anything is written, and a dry run says the same") {
        at.fill(2, 2);
        at.run("ALTER TABLE mcp_tools RENAME COLUMN parameters_schema TO parameters");
        CHECK_THROWS_WITH(up::execute(at.db), ContainsSubstring("mcp_tools.parameters_schema is not there"));
        CHECK_THROWS_AS(up::dry_run(at.db), up::refused);
        CHECK(has(up::scan(at.db).findings, "v1-column-missing"));
        at.run("ALTER TABLE mcp_tools RENAME COLUMN parameters TO parameters_schema");
        at.run("ALTER TABLE mcp_servers ALTER COLUMN tags DROP DEFAULT, ALTER COLUMN tags TYPE json USING "
               "CASE WHEN name = 'server 1' THEN '[\"\\u0000\"]'::json ELSE tags::text::json END");
        CHECK(has(up::scan(at.db).findings, "v1-column-type",
                  "1 row(s) hold the escape \\u0000, which jsonb refuses: {" + at.ask("SELECT md5('s1')::uuid")));
        at.run("UPDATE mcp_servers SET tags = '[]'");
        at.run("ALTER TABLE mcp_servers ALTER COLUMN tags TYPE jsonb USING tags::jsonb, ALTER COLUMN tags SET DEFAULT "
               "'[]'");
        at.run("ALTER TABLE mcp_tools DROP CONSTRAINT mcp_tools_pkey");
        at.run("INSERT INTO mcp_tools (id, server_id, name) SELECT id, server_id, 'twin' FROM mcp_tools WHERE name = "
               "'tool 1'");
        CHECK(has(up::scan(at.db).findings, "v1-key-missing", at.ask("SELECT md5('t1')::uuid")));
        CHECK_THROWS_AS(up::execute(at.db), up::refused);
        at.run("DELETE FROM mcp_tools WHERE name = 'twin'");
        at.run("ALTER TABLE mcp_tools ADD PRIMARY KEY (id)");
        CHECK(at.count("resources") == 0);
    }
    SECTION("every row that v2 cannot hold is named by class, quarantined, and moved once it is corrected") {
        at.fill(12, 12);
        at.run("ALTER TABLE mcp_servers ALTER COLUMN name TYPE text, ALTER COLUMN endpoint TYPE text");
        at.run("UPDATE mcp_servers SET name = repeat('x', 256) WHERE name = 'server 1'");
        at.run("UPDATE mcp_servers SET endpoint = repeat('x', 1001), transport = 'http' WHERE name = 'server 2'");
        at.run("UPDATE mcp_servers SET extra_metadata = (repeat('[', 127) || repeat(']', 127))::jsonb WHERE name = "
               "'server 3'");  // 128 with the key it is kept under: just right
        at.run("UPDATE mcp_servers SET extra_metadata = (repeat('[', 128) || repeat(']', 128))::jsonb WHERE name = "
               "'server 4'");
        at.run("UPDATE mcp_servers SET tags = '[1e400]' WHERE name = 'server 5'");
        at.run("UPDATE mcp_servers SET tags = jsonb_build_array(repeat('7', 400)) WHERE name = 'server 6'");
        at.run("UPDATE mcp_servers SET extra_metadata = jsonb_build_object('k', repeat('x', 5000)) WHERE name = "
               "'server 7'");
        at.run("INSERT INTO resources (id, name, protocol, endpoint) SELECT id::text, 'native', 'http', 'e' FROM "
               "mcp_servers WHERE name = 'server 8'");
        at.run("UPDATE mcp_servers SET command = NULL, endpoint = NULL WHERE name = 'server 9'");
        up::options how;
        how.largest_document = 4'000;
        auto const scanned = up::scan(at.db, how);
        how.refuse_unfit = true;
        CHECK_THROWS_WITH(up::execute(at.db, how), ContainsSubstring("v2 cannot hold 6 row(s)"));
        CHECK(at.count("resources") == 1);
        how.refuse_unfit = false;
        auto const moved = up::execute(at.db, how);
        for (auto const& counts : {scanned.servers, moved.servers}) {
            CHECK(counts.source == 12);
            CHECK(counts.migrated() == 6);
            CHECK(counts.quarantined == std::map<std::string, std::int64_t>{{"name-too-long", 1},
                                                                            {"endpoint-too-long", 1},
                                                                            {"document-too-deep", 1},
                                                                            {"number-too-long", 1},
                                                                            {"document-too-large", 1},
                                                                            {"id-taken", 1}});
        }
        CHECK(moved.tools.quarantined.at("parent-missing") == 6);  // a native row is no parent
        CHECK(at.count("sark_upgrade_quarantine") == 12);
        auto const detail = [&](std::string const& reason) {
            return at.ask("SELECT detail FROM sark_upgrade_quarantine WHERE reason = '" + reason + "' LIMIT 1");
        };
        CHECK(detail("name-too-long") == "256 characters");
        CHECK(detail("endpoint-too-long") == "1001 characters");
        CHECK(detail("document-too-large").starts_with("metadata 5"));
        CHECK(detail("id-taken") ==
              "differs in name, protocol, endpoint, sensitivity_level, metadata, created_at, updated_at");
        CHECK(at.count("sark_upgrade_quarantine AS q JOIN mcp_tools AS t ON t.id = q.source_id WHERE q.detail = "
                       "'resource ' || t.server_id") == 6);
        CHECK(has(moved.findings, "v1-row-number-too-long", at.ask("SELECT md5('s5')::uuid")));
        CHECK(has(moved.findings, "v1-row-endpoint-missing", at.ask("SELECT md5('s9')::uuid")));
        CHECK(at.ask("SELECT endpoint FROM resources WHERE name = 'server 9'") ==
              "unknown:" + at.ask("SELECT md5('s9')::uuid"));
        CHECK_THROWS_WITH(up::finalize(at.db), ContainsSubstring("12 row(s) are quarantined"));
        at.run("UPDATE mcp_servers SET name = 'server 1' WHERE length(name) = 256");
        at.run("UPDATE mcp_servers SET endpoint = 'e' WHERE length(endpoint) = 1001");
        at.run("UPDATE mcp_servers SET tags = '[]' WHERE name = 'server 5'");
        at.run("DELETE FROM resources WHERE name = 'native'");
        auto const again = up::execute(at.db);  // with the larger limit
        CHECK(again.servers.quarantined == std::map<std::string, std::int64_t>{{"document-too-deep", 1}});
        CHECK(again.tools.quarantined == std::map<std::string, std::int64_t>{{"parent-missing", 1}});
        CHECK(at.count("sark_upgrade_quarantine") == 2);
        at.run("UPDATE mcp_servers SET extra_metadata = '{}' WHERE name = 'server 4'");
        up::execute(at.db);
        CHECK(at.count("sark_upgrade_quarantine") == 0);
        for (auto const& f : up::findings(up::verify(at.db))) FAIL_CHECK(f.what);
        at.run("ALTER TABLE mcp_servers ALTER COLUMN name TYPE varchar(255), ALTER COLUMN endpoint TYPE varchar(500)");
    }
    SECTION("what the server refuses stops that row alone") {
        at.fill(40, 40);
        at.run("ALTER TABLE resources ADD CONSTRAINT ck_luck CHECK (name <> 'server 13')");
        at.run("ALTER TABLE capabilities ADD CONSTRAINT ck_luck CHECK (name NOT IN ('tool 13', 'tool 14'))");
        auto const moved = up::execute(at.db);
        CHECK(moved.servers.quarantined.at("server-23514") == 1);
        CHECK(at.count("sark_upgrade_quarantine WHERE reason = 'server-23514' AND detail = 'constraint ck_luck'") == 3);
        CHECK(moved.tools.quarantined.at("server-23514") == 2);
        CHECK(moved.tools.quarantined.at("parent-missing") == 1);
        CHECK(moved.servers.migrated() == 39);
        CHECK(moved.tools.migrated() == 37);
        CHECK(at.count("capabilities") == 37);
        at.run("ALTER TABLE resources DROP CONSTRAINT ck_luck; ALTER TABLE capabilities DROP CONSTRAINT ck_luck");
        CHECK(up::execute(at.db).written() == 4);
        CHECK(up::verify(at.db).equal());
    }
    SECTION("a first run meets rows that are there: equal ones are adopted, others stay what they are") {
        at.fill(60, 60);
        std::string const mapped{sark::migrations::mapping::select_resources};
        at.run("INSERT INTO resources (id, name, protocol, endpoint, sensitivity_level, metadata, created_at, "
               "updated_at) " +
               mapped + " WHERE s.name IN ('server 3', 'server 30', 'server 50')");
        at.run("INSERT INTO resources (id, name, protocol, endpoint) SELECT id::text, 'native', 'mcp', 'e' FROM "
               "mcp_servers WHERE name IN ('server 2', 'server 20', 'server 21', 'server 40', 'server 41', 'server "
               "42', 'server 60')");
        up::options how;
        how.one_transaction = 0;
        how.first_batch = how.largest_batch = 10;
        auto const moved = up::execute(at.db, how);
        CHECK(moved.servers.inserted == 50);
        CHECK(moved.servers.adopted == 3);
        CHECK(moved.servers.quarantined == std::map<std::string, std::int64_t>{{"id-taken", 7}});
        CHECK(moved.tools.inserted == 53);
        CHECK(moved.tools.quarantined == std::map<std::string, std::int64_t>{{"parent-missing", 7}});
        CHECK(moved.batches >= 12);
        CHECK(at.count("resources WHERE name = 'native'") == 7);
        CHECK(at.count("migrated_rows WHERE run_id IS NULL") == 3);
        CHECK(up::execute(at.db).written() == 0);
        CHECK(up::rollback(at.db).resources == 50);
        CHECK(at.count("resources") == 10);
    }
    SECTION("a number is as long as it is written: sign, both sides of the point, and any limit") {
        at.fill(5, 0);
        auto const tags = [&](char const* server, std::string const& number) {
            at.run("UPDATE mcp_servers SET tags = jsonb_build_array(" + number + "::numeric) WHERE name = '" + server +
                   "'");
        };
        tags("server 1", "('-' || repeat('7', 160) || '.' || repeat('3', 148))");  // 310 characters
        tags("server 2", "('-' || repeat('7', 160) || '.' || repeat('3', 146))");
        tags("server 3", "repeat('9', 21)");
        CHECK(up::scan(at.db).servers.quarantined == std::map<std::string, std::int64_t>{{"number-too-long", 1}});
        CHECK(up::scan(at.db, {.longest_number = 20}).servers.quarantined ==
              std::map<std::string, std::int64_t>{{"number-too-long", 3}});
        CHECK(up::scan(at.db, {.longest_number = 21}).servers.quarantined.at("number-too-long") == 2);
    }
    SECTION("own keys win over extra_metadata, whose original is kept whole") {
        at.fill(1, 1);
        // One server and one tool for each key they bring, with extra_metadata that has the same key.
        for (std::string const table : {"mcp_servers", "mcp_tools"}) {
            bool const is_tool = table == "mcp_tools";
            up::execute(at.db);
            at.run("INSERT INTO " + table + " (id, name, " + (is_tool ? "server_id" : "transport") +
                   ", extra_metadata) SELECT gen_random_uuid(), 'with ' || k, " +
                   (is_tool ? "md5('s1')::uuid" : "'http'") + ", jsonb_build_object(k, 'mine', 'other', 1) FROM " +
                   (is_tool ? "capabilities" : "resources") + ", jsonb_object_keys(metadata - 'zone' - 'weight') AS k");
        }
        up::execute(at.db);
        CHECK(at.count("resources WHERE name LIKE 'with %'") == 14);
        CHECK(at.count("capabilities WHERE name LIKE 'with %'") == 4);
        for (std::string const table : {"resources", "capabilities"})
            CHECK(at.count(table +
                           " WHERE name LIKE 'with %' AND (metadata->'other' <> '1' OR metadata->'extra_metadata' "
                           "<> jsonb_build_object(substr(name, 6), 'mine', 'other', 1) OR "
                           "metadata->>substr(name, 6) = 'mine')") == 0);
    }
    SECTION("sensitivity and parent changes propagate, edits of v2 are kept, deletions are told") {
        at.fill(12, 24);
        up::execute(at.db);
        at.run("UPDATE mcp_servers SET sensitivity_level = 'critical' WHERE name = 'server 4'");
        // Also where v1 says nothing of the time: a restore, a script without the trigger.
        at.run(
            "ALTER TABLE mcp_tools DISABLE TRIGGER USER; UPDATE mcp_tools SET server_id = md5('s9')::uuid WHERE name "
            "= 'tool 1'");
        at.run("UPDATE resources SET endpoint = 'edited' WHERE name = 'server 5'");
        at.run("UPDATE resources SET endpoint = 'edited' WHERE name = 'server 6'");
        at.run("UPDATE mcp_servers SET name = 'renamed' WHERE name = 'server 6'");
        at.run("DELETE FROM capabilities WHERE name = 'tool 7'");
        at.run("DELETE FROM mcp_tools WHERE name = 'tool 8'");
        auto const moved = up::execute(at.db);
        CHECK(moved.servers.updated == 1);
        CHECK(moved.tools.updated == 1);
        CHECK(moved.servers.kept == 1);
        CHECK(moved.tools.gone == 1);
        CHECK(moved.servers.quarantined.at("changed-on-both-sides") == 1);
        CHECK(has(moved.findings, "v1-row-source-gone", at.ask("SELECT md5('t8')::uuid")));
        CHECK(at.ask("SELECT sensitivity_level FROM resources WHERE name = 'server 4'") == "critical");
        CHECK(at.ask("SELECT resource_id = md5('s9')::uuid::text AND updated_at = '2024-06-01 00:00:01+00' FROM "
                     "capabilities WHERE name = 'tool 1'") == "t");
        CHECK(at.ask("SELECT string_agg(endpoint, ',') FROM resources WHERE id IN (md5('s5')::uuid::text, "
                     "md5('s6')::uuid::text)") == "edited,edited");
        CHECK(up::execute(at.db).written() == 0);
        auto const forced = up::execute(at.db, {.edits = up::edits::overwrite});
        CHECK(forced.servers.updated == 2);
        CHECK(forced.tools.inserted == 1);
        CHECK(up::verify(at.db).equal());
    }
    SECTION("native rows and deleted servers do not make the comparison fail for ever") {
        at.fill(4, 8);
        up::execute(at.db);
        at.run("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('n', 'native', 'mcp', 'e')");
        at.run("DELETE FROM mcp_servers WHERE name = 'server 2'");
        CHECK(up::verify(at.db).equal());
        CHECK(up::status(at.db).moved_servers == 4);
        CHECK(up::status(at.db).servers == 3);
        // Whatever the ranges are, each row is looked at once, and no range is empty.
        for (std::int64_t const range : {0, 1, 2, 3, 4, 100}) {
            INFO("ranges of " << range);
            auto const seen = up::verify(at.db, {.range = static_cast<std::size_t>(range)});
            std::int64_t const size = std::max(range, std::int64_t{1});
            CHECK(seen.equal());
            CHECK(seen.resources.rows == 3);
            CHECK(seen.resources.ranges == (3 + size - 1) / size);
            CHECK(seen.capabilities.ranges == (seen.capabilities.rows + size - 1) / size);
            CHECK(seen.resources.ranges_different + seen.capabilities.ranges_different == 0);
        }
        // The tool's own tables are not the schema's, and drift knows them.
        CHECK(at.ask("SELECT to_regclass('sark_upgrade_runs') IS NOT NULL") == "t");
        for (auto const& f : sark::migrate::drift(at.db, sark::migrations::chain).findings) {
            INFO(f.what);
            CHECK(f.what.find("sark_upgrade") == std::string::npos);
        }
    }
}
