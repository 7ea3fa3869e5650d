// SPDX-License-Identifier: MIT
//
// The scenarios of going back, by the titles they have in the documents of the first version, through the real chain
// and the real tool: eleven tests, and the three procedures of its runbook.
#include <string>

#include "db/upgrade/scene.hpp"

namespace up = sark::upgrade;
using sark::test::scene;

TEST_CASE("rollback of the data migration", "[upgrade][db]") {
    scene& at = scene::fresh();
    at.fill(10, 30);
    std::string const v1 = at.v1();
    std::string const empty = at.v2();

    SECTION("rollback preserves v1 data") {
        up::execute(at.db);
        CHECK(at.v1() == v1);
        up::rollback(at.db);
        CHECK(at.v1() == v1);
        CHECK(at.v2() == empty);
    }
    SECTION("rollback deletes only mcp resources that came from v1") {
        at.run("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('h', 'h', 'http', 'e'), "
               "('g', 'g', 'grpc', 'e'), ('m', 'native', 'mcp', 'e')");
        at.run("INSERT INTO capabilities (id, resource_id, name) VALUES ('c', 'm', 'native')");
        std::string const native = at.v2();
        up::execute(at.db);
        CHECK(at.count("resources") == 13);
        auto const gone = up::rollback(at.db);
        CHECK(gone.resources == 10);
        CHECK(gone.capabilities == 30);
        CHECK(at.v2() == native);
    }
    SECTION("cascade delete on rollback leaves no capability without its resource") {
        up::execute(at.db);
        up::rollback(at.db);
        CHECK(at.count("capabilities") == 0);
        up::execute(at.db);
        at.run("DELETE FROM resources WHERE name = 'server 1'");
        CHECK(at.count("capabilities") == 27);
        auto const gone = up::rollback(at.db);
        CHECK(gone.already_gone == 4);
        CHECK(gone.capabilities == 27);
        CHECK(at.v2() == empty);
    }
    SECTION("rollback of a subset of resources") {
        // Five were moved by hand before, in the way of revision 006: no run brought them.
        at.run("INSERT INTO resources (id, name, protocol, endpoint) SELECT id::text, name, 'mcp', 'x' FROM "
               "mcp_servers ORDER BY name LIMIT 5");
        at.run("INSERT INTO migrated_rows (source_table, source_id, target_table, target_id) "
               "SELECT 'mcp_servers', id::uuid, 'resources', id FROM resources");
        at.run("UPDATE resources SET updated_at = '2020-01-01'");
        auto const moved = up::execute(at.db);
        CHECK(moved.servers.inserted == 5);
        CHECK(moved.servers.updated == 5);
        CHECK(up::verify(at.db).equal());
        CHECK(up::rollback(at.db).resources == 5);
        CHECK(at.count("resources") == 5);
        CHECK(at.count("migrated_rows WHERE run_id IS NULL") == 5);
        CHECK(up::rollback(at.db, {.with_revision_006 = true}).resources == 5);
        CHECK(at.v2() == empty);
    }
    SECTION("rollback with mixed protocols") {
        at.run("INSERT INTO resources (id, name, protocol, endpoint) SELECT p || i, p, p, 'e' FROM "
               "unnest(ARRAY['http', 'grpc', 'mcp', 'graphql']) AS p, generate_series(1, 3) AS i");
        up::execute(at.db);
        CHECK(at.count("resources WHERE protocol = 'mcp'") == 13);
        up::rollback(at.db);
        CHECK(at.ask("SELECT string_agg(protocol || n, ' ' ORDER BY protocol) FROM (SELECT protocol, count(*) AS n "
                     "FROM resources GROUP BY 1) AS x") == "graphql3 grpc3 http3 mcp3");
    }
    SECTION("no data loss on a failed rollback") {
        up::execute(at.db);
        std::string const before = at.v2();
        at.run("CREATE FUNCTION stop_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; "
               "CREATE TRIGGER stop_it BEFORE DELETE ON capabilities FOR EACH STATEMENT EXECUTE FUNCTION stop_it()");
        CHECK_THROWS_AS(up::rollback(at.db), sark::error);
        at.run("DROP TRIGGER stop_it ON capabilities; DROP FUNCTION stop_it");
        CHECK(at.v2() == before);
        CHECK(up::rollback(at.db).capabilities == 30);
    }
    SECTION("idempotent rollback") {
        CHECK(up::rollback(at.db).resources == 0);
        up::execute(at.db);
        CHECK(up::rollback(at.db).resources == 10);
        auto const again = up::rollback(at.db);
        CHECK(again.resources + again.capabilities + again.already_gone == 0);
        CHECK(up::status(at.db).stage == up::stage::rolled_back);
        CHECK(up::execute(at.db).servers.inserted == 10);
        CHECK(up::verify(at.db).equal());
    }
    SECTION("rollback with active cost tracking keeps every cost and its protocol") {
        up::execute(at.db);
        at.run("INSERT INTO cost_tracking (principal_id, resource_id, capability_id, actual_cost, protocol) "
               "SELECT 'p', resource_id, id, 0.5, CASE WHEN name = 'tool 1' THEN 'mcp' END FROM capabilities");
        auto const gone = up::rollback(at.db);
        CHECK(gone.costs_named == 29);
        CHECK(gone.costs >= 30);
        CHECK(at.ask("SELECT count(*) || ' ' || sum(actual_cost)::numeric(5, 1) || ' ' || min(protocol) || ' ' || "
                     "count(protocol) FROM cost_tracking") == "30 15.0 mcp 30");
    }
    SECTION("rollback after a partial migration") {
        int batches = 0;
        up::options how;
        how.one_transaction = 0;
        how.first_batch = how.largest_batch = 5;
        how.pause = [&] { return ++batches > 4; };
        auto const part = up::execute(at.db, how);
        CHECK_FALSE(part.complete);
        CHECK(at.count("resources") == 10);
        CHECK(at.count("capabilities") == 10);
        CHECK(up::status(at.db).stage == up::stage::paused);
        CHECK(up::rollback(at.db).capabilities == 10);
        CHECK(at.v2() == empty);
    }
    SECTION("recovery from orphaned capabilities") {
        at.run("ALTER TABLE mcp_tools DROP CONSTRAINT mcp_tools_server_id_fkey");
        at.run("DELETE FROM mcp_servers WHERE name = 'server 2'");
        auto const moved = up::execute(at.db);
        CHECK(moved.tools.quarantined.at("parent-missing") == 3);
        CHECK(moved.tools.migrated() == 27);
        CHECK(sark::test::has(moved.findings, "v1-row-parent-missing", "3 row(s) of mcp_tools"));
        CHECK(up::rollback(at.db).capabilities == 27);
        at.run("DELETE FROM mcp_tools WHERE server_id NOT IN (SELECT id FROM mcp_servers)");
        at.run("ALTER TABLE mcp_tools ADD CONSTRAINT mcp_tools_server_id_fkey FOREIGN KEY (server_id) REFERENCES "
               "mcp_servers (id) ON DELETE CASCADE");
    }
    SECTION("recovery from a duplicate migration") {
        up::execute(at.db);
        std::string const once = at.v2();
        std::string const xmins = at.ask("SELECT string_agg(xmin::text, ',' ORDER BY id) FROM capabilities");
        auto const again = up::execute(at.db);
        CHECK(again.written() == 0);
        CHECK(again.tools.unchanged == 30);
        CHECK(at.v2() == once);
        CHECK(at.ask("SELECT string_agg(xmin::text, ',' ORDER BY id) FROM capabilities") == xmins);
    }
    SECTION(
        "post-application cutover rollback refuses to lose what v2 did, with the number; force removes what moved") {
        up::execute(at.db);
        // What an application does that runs on v2.
        at.run("UPDATE resources SET name = 'edited' WHERE name IN ('server 3', 'server 4')");
        at.run("INSERT INTO capabilities (id, resource_id, name) SELECT 'native', id, 'native' FROM resources WHERE "
               "name = 'server 5'");
        at.run("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('own', 'own', 'grpc', 'e')");
        at.run("INSERT INTO cost_tracking (principal_id, resource_id, capability_id, actual_cost) SELECT 'p', "
               "resource_id, id, 2 FROM capabilities WHERE name IN ('tool 1', 'native')");
        std::string const before = at.v2();
        CHECK_THROWS_WITH(up::rollback(at.db), ContainsSubstring("2 moved row(s) changed, 1 capabilities were added"));
        CHECK(at.v2() == before);
        try {
            up::rollback(at.db);
        } catch (up::refused const& e) {
            REQUIRE(e.why().size() == 2);
            for (auto const& f : e.why()) CHECK(f.repair.at(0).starts_with("-- "));
        }
        auto const gone = up::rollback(at.db, {.force = true});
        CHECK(gone.changed == 2);
        CHECK(gone.resources == 9);
        CHECK(gone.left == 1);
        CHECK(at.ask("SELECT string_agg(name, ',' ORDER BY name) FROM resources") == "own,server 5");
        CHECK(at.ask("SELECT string_agg(name, ',') FROM capabilities") == "native");
        CHECK(at.ask("SELECT count(*) || ' ' || sum(actual_cost)::integer FROM cost_tracking") == "2 4");
        CHECK(at.v1() == v1);
    }
    SECTION("data corruption detected: the rows are found, taken back and moved again, without a backup") {
        up::execute(at.db);
        std::string const sound = at.v2();
        at.run("ALTER TABLE resources DISABLE TRIGGER USER; ALTER TABLE capabilities DISABLE TRIGGER USER; "
               "UPDATE resources SET metadata = '{}' WHERE name IN ('server 1', 'server 2'); "
               "UPDATE capabilities SET sensitivity_level = 'low', input_schema = '{}' WHERE name = 'tool 5'; "
               "DELETE FROM capabilities WHERE name = 'tool 6'");
        auto const seen = up::verify(at.db);
        CHECK(seen.resources.different == 2);
        CHECK(seen.capabilities.different == 1);
        CHECK(seen.capabilities.missing == 1);
        CHECK_THROWS_WITH(up::rollback(at.db), ContainsSubstring("3 moved row(s) changed"));
        auto const gone = up::rollback(at.db, {.force = true});
        CHECK(gone.resources == 10);
        CHECK(gone.already_gone == 1);
        CHECK(at.v2() == empty);
        CHECK(at.v1() == v1);
        CHECK(up::execute(at.db).written() == 40);
        CHECK(up::verify(at.db).equal());
        CHECK(at.v2() == sound);
    }
    SECTION("a dry rollback tells what it would do and does nothing; after finalize there is none") {
        up::execute(at.db);
        std::string const before = at.v2();
        at.run("UPDATE capabilities SET description = 'edited' WHERE name = 'tool 4'");
        std::string const edited = at.v2();
        auto const would = up::rollback(at.db, {.dry_run = true});
        CHECK(would.capabilities == 29);
        CHECK(would.changed == 1);
        CHECK(would.left == 2);  // the edited one, and its resource
        CHECK(sark::test::has(would.findings, "v2-row-changed", "1 moved row(s) of capabilities"));
        CHECK(at.v2() == edited);
        CHECK(edited != before);
        CHECK(up::status(at.db).stage == up::stage::moved);
        up::finalize(at.db);
        up::finalize(at.db);
        CHECK(up::status(at.db).stage == up::stage::finalized);
        CHECK_THROWS_AS(up::rollback(at.db, {.force = true}), up::refused);
        CHECK_THROWS_AS(up::execute(at.db), up::refused);
        CHECK(at.v2() == edited);
    }
}

TEST_CASE("pre-application cutover rollback: the rows go, the schema goes back, and v1 is as it was", "[upgrade][db]") {
    scene at;  // of its own: it loses tables that the others need
    at.fill(10, 30);
    std::string const v1 = at.v1();
    up::execute(at.db);
    CHECK(up::rollback(at.db).capabilities == 30);
    sark::migrate::downgrade(at.db, sark::migrations::chain, "005_gateway_audit");
    CHECK(at.ask("SELECT concat(to_regclass('resources'), to_regclass('capabilities'), to_regclass('migrated_rows'))")
              .empty());
    CHECK(at.v1() == v1);
    // The second try: 006 copies the rows, and a run has nothing to bring.
    sark::migrate::upgrade(at.db, sark::migrations::chain);
    auto const again = up::execute(at.db);
    CHECK(again.servers.inserted + again.tools.inserted == 0);
    CHECK(again.written() == 40);  // adopted: from now on it is known what was written
    CHECK(up::verify(at.db).equal());
    CHECK(at.v1() == v1);
}
